// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher.process;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * Waits for what another process does.
 *
 * @param limit after which it is given up
 */
public record Poll(Duration limit) {
    private static final Duration PAUSE = Duration.ofMillis(100);

    /** Whether the condition held before the limit was over; it is asked ten times a second. */
    public boolean until(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                return false;
            }
            Thread.sleep(PAUSE);
        }
        return true;
    }
}
