// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.server;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

/**
 * Waits for conditions, as tests do. A test fails because its condition never holds, not because the machine was busy or stood
 * still for half a minute: hence the patience.
 */
public final class Await {

    /** How long anything is waited for that a healthy run does in moments. */
    public static final Duration PATIENCE = Duration.ofMinutes(5);

    private static final Duration PAUSE = Duration.ofMillis(20);

    private Await() {}

    /**
     * Asks until the condition holds.
     *
     * @throws AssertionError naming the condition, when it does not hold within {@link #PATIENCE}
     */
    public static void until(String condition, Callable<Boolean> holds) {
        until(() -> condition, holds);
    }

    /**
     * As {@link #until(String, Callable)}.
     *
     * @param condition asked when the wait was in vain: it may tell the state that was found
     */
    public static void until(Supplier<String> condition, Callable<Boolean> holds) {
        long began = System.nanoTime();
        // Asked once more after the patience is over: this JVM itself may have stood still.
        boolean last = false;
        while (!holds(holds)) {
            if (last) {
                throw new AssertionError("Not within %s: %s".formatted(PATIENCE, condition.get()));
            }
            last = System.nanoTime() - began > PATIENCE.toNanos();
            pause();
        }
    }

    private static boolean holds(Callable<Boolean> condition) {
        try {
            return condition.call();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting", e);
        }
    }
}
