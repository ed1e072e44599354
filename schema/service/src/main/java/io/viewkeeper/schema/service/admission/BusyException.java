// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.service.admission;

import java.time.Duration;

/** What somebody asked for is not done: too much is under way, or it took too long. Trying again later can help. */
public final class BusyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Duration retryAfter;
    private final boolean begun;

    private BusyException(String message, Duration retryAfter, boolean begun) {
        super(message);
        this.retryAfter = retryAfter;
        this.begun = begun;
    }

    /** Nothing was begun. */
    public static BusyException refused(String message, Duration retryAfter) {
        return new BusyException(message, retryAfter, false);
    }

    static BusyException late(String message, Duration retryAfter) {
        return new BusyException(message, retryAfter, true);
    }

    public Duration retryAfter() {
        return retryAfter;
    }

    /** Whether it was taken on, and took too long. */
    public boolean begun() {
        return begun;
    }
}
