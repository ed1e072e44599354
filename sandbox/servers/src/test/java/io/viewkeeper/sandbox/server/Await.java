package io.viewkeeper.sandbox.server;

import java.time.Duration;
import java.util.concurrent.Callable;

/** Waits for a condition, within a bound. */
final class Await {

    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final Duration PAUSE = Duration.ofMillis(50);

    private Await() {}

    static void until(String condition, Callable<Boolean> holds) throws Exception {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (!holds.call()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("Not within " + LIMIT + ": " + condition);
            }
            Thread.sleep(PAUSE);
        }
    }
}
