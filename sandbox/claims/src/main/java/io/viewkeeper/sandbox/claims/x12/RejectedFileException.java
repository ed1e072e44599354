// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.claims.x12;

/** Unwinds the loops when a file turns out to be unacceptable; {@link ClaimFileReader} turns it into a value. */
final class RejectedFileException extends RuntimeException {

    private final transient Rejection rejection;

    RejectedFileException(int segmentNumber, String reason) {
        super(reason, null, false, false);
        rejection = new Rejection(segmentNumber, reason);
    }

    Rejection rejection() {
        return rejection;
    }
}
