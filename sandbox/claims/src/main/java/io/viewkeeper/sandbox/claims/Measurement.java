// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.claims;

import org.jspecify.annotations.Nullable;

/**
 * One line of a benchmark.
 *
 * @param baseline what the value is compared with, in the same unit; null where there is nothing
 * @param ratio the baseline divided by the value; null where that is no number
 */
public record Measurement(
        String measure,
        double value,
        String unit,
        @Nullable Double baseline,
        @Nullable Double ratio) {
    /** A value that is compared with nothing. */
    public static Measurement of(String measure, double value, String unit) {
        return new Measurement(measure, value, unit, null, null);
    }

    /** A value and what it is compared with. */
    public static Measurement of(String measure, double value, String unit, double baseline) {
        return new Measurement(measure, value, unit, baseline, value == 0 ? null : baseline / value);
    }
}
