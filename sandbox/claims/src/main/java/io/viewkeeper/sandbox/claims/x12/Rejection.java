// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.claims.x12;

/**
 * Why a file was refused: the number of the segment, counted from 1 at the file's first ISA (0: the file as a whole),
 * and the reason, which names segment ids and element positions but never the content of an identifying element.
 */
public record Rejection(int segmentNumber, String reason) {

    @Override
    public String toString() {
        return segmentNumber == 0 ? reason : "segment " + segmentNumber + ": " + reason;
    }
}
