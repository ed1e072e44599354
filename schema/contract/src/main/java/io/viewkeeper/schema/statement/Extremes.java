// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.statement;

/**
 * Shortest and longest call in milliseconds, since the entry is there or they were reset. Those of a window lie within them, and
 * need not reach them.
 *
 * @param max negative: unknown
 */
public record Extremes(double min, double max) {
    public static final Extremes UNKNOWN = new Extremes(0, -1);

    Extremes plus(Extremes other) {
        return isKnown() && other.isKnown()
                ? new Extremes(Math.min(min, other.min), Math.max(max, other.max))
                : UNKNOWN;
    }

    boolean isKnown() {
        return max >= min;
    }
}
