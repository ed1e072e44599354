// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.plan;

import org.jspecify.annotations.Nullable;

/**
 * What ANALYZE measured. Rows and times are the average of one loop (fractional rows on 18); loops of a parallel node are
 * those of all its processes together.
 *
 * @param startupMillis until its first row; null with TIMING OFF
 * @param totalMillis until its last row, its children included; null with TIMING OFF
 */
public record Actual(
        @Nullable Double startupMillis, @Nullable Double totalMillis, double rows, double loops) {

    /** Time of all loops together; null with TIMING OFF. Of a parallel node it is the sum over processes, not elapsed time. */
    public @Nullable Double allLoopsMillis() {
        return totalMillis == null ? null : totalMillis * loops;
    }
}
