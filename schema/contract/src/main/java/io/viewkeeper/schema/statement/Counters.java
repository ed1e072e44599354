// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.statement;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What pg_stat_statements has counted of one entry, of several, or of either between two samples.
 *
 * @param squareMillis sum of the squares of the execution times, made of their standard deviation
 * @param extremes of differences, too, those since the entry is there
 * @param since when the server began to count the entry; null where it does not say (up to 16), of sums and of differences
 */
public record Counters(
        long calls,
        double totalMillis,
        double squareMillis,
        Extremes extremes,
        long rows,
        Blocks blocks,
        @Nullable Instant since) {
    /** The share of a sum of squares that may be the rounding of the server's and our floating point. */
    private static final double ROUNDING = 1e-11;

    /** @param deviationMillis of the population, as pg_stat_statements has it */
    public static Counters of(long calls, double totalMillis, double deviationMillis, @Nullable Instant since) {
        double squares = calls * deviationMillis * deviationMillis + totalMillis * totalMillis / Math.max(1, calls);
        return new Counters(calls, totalMillis, squares, Extremes.UNKNOWN, 0, Blocks.NONE, since);
    }

    public Counters with(Extremes itsExtremes, long itsRows, Blocks itsBlocks) {
        return new Counters(calls, totalMillis, squareMillis, itsExtremes, itsRows, itsBlocks, since);
    }

    /** Of an entry whose counters went down, or that the server began later: it was reset or evicted in between. */
    public boolean beganAnew(Counters before) {
        return calls < before.calls
                || totalMillis < before.totalMillis
                || (since != null && before.since != null && since.isAfter(before.since));
    }

    /** What was counted after an earlier sample: all of an entry that began anew. */
    public Counters since(Counters before) {
        return beganAnew(before) ? whole() : minus(before);
    }

    private Counters minus(Counters before) {
        double rise = squareMillis - before.squareMillis;
        long called = calls - before.calls;
        double took = called == 0 ? 0 : totalMillis - before.totalMillis;
        double least = called == 0 ? 0 : took * took / called;
        // Times are not negative: the squares are least when all are equal, and most when one call took everything.
        double kept = rise - least < ROUNDING * squareMillis ? least : Math.min(rise, took * took);
        return new Counters(
                called, took, kept, extremes, Math.max(0, rows - before.rows), blocks.minus(before.blocks), null);
    }

    /** All of it, as a difference. */
    public Counters whole() {
        return new Counters(calls, totalMillis, squareMillis, extremes, rows, blocks, null);
    }

    public Counters plus(Counters other) {
        return new Counters(
                calls + other.calls,
                totalMillis + other.totalMillis,
                squareMillis + other.squareMillis,
                extremes.plus(other.extremes),
                rows + other.rows,
                blocks.plus(other.blocks),
                null);
    }

    /** 0 without calls. */
    public double meanMillis() {
        return calls == 0 ? 0 : totalMillis / calls;
    }

    /** Of the population; 0 without calls. */
    public double variance() {
        double mean = meanMillis();
        return calls == 0 ? 0 : Math.max(0, squareMillis / calls - mean * mean);
    }

    /** Of the population; 0 without calls. */
    public double deviationMillis() {
        return Math.sqrt(variance());
    }
}
