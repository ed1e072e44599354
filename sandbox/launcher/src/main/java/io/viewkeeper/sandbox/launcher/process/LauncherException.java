// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher.process;

/** The launcher cannot go on. The message is for the person who typed the command: what failed, why, what to do. */
public final class LauncherException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public LauncherException(String message) {
        super(message);
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
