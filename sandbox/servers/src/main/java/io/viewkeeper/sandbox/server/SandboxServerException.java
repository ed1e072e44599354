// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.server;

/** A server of the sandbox, or a database on it, could not be had; the message says what to look at. */
public final class SandboxServerException extends RuntimeException {

    SandboxServerException(String message) {
        super(message);
    }

    SandboxServerException(String message, Throwable cause) {
        super(message, cause);
    }
}
