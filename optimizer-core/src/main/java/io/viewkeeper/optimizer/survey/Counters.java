package io.viewkeeper.optimizer.survey;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What pg_stat_statements has counted of one entry since it began to count. Times in milliseconds, blocks of the server's block
 * size.
 *
 * @param squareMillis sum of the squares of the execution times
 * @param maxMillis longest execution since the server began to count
 * @param since when the server began to count this entry; null where it does not say (up to 16)
 */
public record Counters(
        long calls,
        double totalMillis,
        double squareMillis,
        double minMillis,
        double maxMillis,
        long rows,
        long hit,
        long read,
        @Nullable Instant since) {

    /** @param stddevMillis of the population, as pg_stat_statements has it */
    static double squares(long calls, double meanMillis, double stddevMillis) {
        return calls * (stddevMillis * stddevMillis + meanMillis * meanMillis);
    }

    /**
     * What was counted after an earlier look. Counters that went down, or that the server began anew, were reset or evicted in
     * between: then everything there is was counted since.
     */
    public Counters since(Counters earlier) {
        if (beganAnew(earlier)) {
            return this;
        }
        return new Counters(
                calls - earlier.calls,
                Math.max(0, totalMillis - earlier.totalMillis),
                Math.max(0, squareMillis - earlier.squareMillis),
                minMillis,
                maxMillis,
                Math.max(0, rows - earlier.rows),
                Math.max(0, hit - earlier.hit),
                Math.max(0, read - earlier.read),
                since);
    }

    private boolean beganAnew(Counters earlier) {
        return calls < earlier.calls
                || totalMillis < earlier.totalMillis
                || (since != null && earlier.since != null && since.isAfter(earlier.since));
    }

    public Counters plus(Counters other) {
        return new Counters(
                calls + other.calls,
                totalMillis + other.totalMillis,
                squareMillis + other.squareMillis,
                Math.min(minMillis, other.minMillis),
                Math.max(maxMillis, other.maxMillis),
                rows + other.rows,
                hit + other.hit,
                read + other.read,
                since);
    }

    /** 0 without calls. */
    public double meanMillis() {
        return calls == 0 ? 0 : totalMillis / calls;
    }

    /** Of the population. A difference of large sums may come out slightly below zero. */
    public double stddevMillis() {
        double mean = meanMillis();
        return calls == 0 ? 0 : Math.sqrt(Math.max(0, squareMillis / calls - mean * mean));
    }
}
