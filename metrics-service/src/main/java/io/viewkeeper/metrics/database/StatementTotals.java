package io.viewkeeper.metrics.database;

import io.viewkeeper.metrics.database.Baseline.Last;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What pg_stat_statements counted.
 *
 * @param squares sum of the squares of the milliseconds, made of their standard deviation
 * @param extremes since the entry is there or they were reset, of differences too
 * @param since when it began to count; null where the server does not say (up to 16) and of differences
 */
record StatementTotals(
        long calls,
        double millis,
        double squares,
        Extremes extremes,
        Blocks blocks,
        @Nullable Instant since) {
    /** The share of a sum of squares that may be the rounding of the server's and our floating point. */
    private static final double ROUNDING = 1e-11;

    /** @param deviationMillis of the population, as pg_stat_statements has it */
    static StatementTotals of(long calls, double millis, double deviationMillis, @Nullable Instant since) {
        double squares = calls * deviationMillis * deviationMillis + millis * millis / Math.max(1, calls);
        return new StatementTotals(calls, millis, squares, Extremes.UNKNOWN, Blocks.NONE, since);
    }

    StatementTotals with(Extremes itsExtremes, Blocks itsBlocks) {
        return new StatementTotals(calls, millis, squares, itsExtremes, itsBlocks, since);
    }

    /**
     * Shortest and longest call in milliseconds. Those of a window lie within them, and need not reach them.
     *
     * @param max negative: unknown
     */
    record Extremes(double min, double max) {
        static final Extremes UNKNOWN = new Extremes(0, -1);

        Extremes plus(Extremes other) {
            return isKnown() && other.isKnown()
                    ? new Extremes(Math.min(min, other.min), Math.max(max, other.max))
                    : UNKNOWN;
        }

        boolean isKnown() {
            return max >= min;
        }
    }

    /**
     * Counters that fell, or that began after the last sample, were reset or evicted in between: all they have is new. So is
     * what a complete sample lacked: from 17 on {@code stats_since} is when a statement was first parsed, and its entry is hidden
     * until the first call ends. Else, what the server says began before the last sample is unknown.
     */
    static @Nullable StatementTotals rise(@Nullable StatementTotals before, StatementTotals now, Last last) {
        if (before != null && !now.beganAnew(before)) {
            return now.minus(before);
        }
        boolean hadNoCall = before == null && last.complete() && last.ofThisStart();
        if (now.since != null && !hadNoCall) {
            return now.since.isAfter(last.moment().at()) ? now.difference() : null;
        }
        return before != null || last.complete() ? now.difference() : null;
    }

    private boolean beganAnew(StatementTotals before) {
        return calls < before.calls
                || millis < before.millis
                || (since != null && before.since != null && since.isAfter(before.since));
    }

    private StatementTotals minus(StatementTotals before) {
        double rise = squares - before.squares;
        long called = calls - before.calls;
        double took = called == 0 ? 0 : millis - before.millis;
        double least = called == 0 ? 0 : took * took / called;
        // Times are not negative: the squares are least when all are equal, and most when one call took everything.
        double kept = rise - least < ROUNDING * squares ? least : Math.min(rise, took * took);
        return new StatementTotals(called, took, kept, extremes, blocks.minus(before.blocks), null);
    }

    private StatementTotals difference() {
        return new StatementTotals(calls, millis, squares, extremes, blocks, null);
    }

    StatementTotals plus(StatementTotals other) {
        return new StatementTotals(
                calls + other.calls,
                millis + other.millis,
                squares + other.squares,
                extremes.plus(other.extremes),
                blocks.plus(other.blocks),
                null);
    }

    /** Only with calls. */
    double meanMillis() {
        return millis / calls;
    }

    /** Of the population; only with calls. */
    double variance() {
        double mean = meanMillis();
        return Math.max(0, squares / calls - mean * mean);
    }
}
