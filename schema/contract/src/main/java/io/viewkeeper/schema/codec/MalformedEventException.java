// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.codec;

/** A record is not an event that version 1 describes. The message names the field and never holds its value. */
public class MalformedEventException extends RuntimeException {
    public MalformedEventException(String message) {
        super(message);
    }
}
