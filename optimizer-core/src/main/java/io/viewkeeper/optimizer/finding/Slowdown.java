// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A statement whose calls take longer than they did, by what was counted: nobody need have looked at it while it was quick. Which
 * plan it had then is not known from that, only how much work a call was, in rows and blocks.
 *
 * @param since about when it began
 */
public record Slowdown(Instant since, Calls before, Calls after) {
    /** Of each side: fewer say little of its mean. */
    static final long LEAST_CALLS = PlanRegression.LEAST_CALLS;

    static final double LEAST_FACTOR = PlanRegression.LEAST_FACTOR;

    /** Of a mean: differences below come from anything. */
    private static final double LEAST_MILLIS = 1;

    /** Standard errors of the difference: what the times vary by is no change. */
    private static final double CERTAIN = 4;

    /** Rows or blocks of a call that are about as many. */
    private static final double ABOUT = 2;

    /**
     * What was counted of calls in some time.
     *
     * @param squareMillis sum of the squares of their times
     * @param blocks of shared buffers, from the cache and from outside of it
     * @param read of these, from outside of the cache
     */
    public record Calls(
            Instant from,
            Instant until,
            long calls,
            double millis,
            double squareMillis,
            long rows,
            long blocks,
            long read) {
        Calls and(Calls later) {
            return new Calls(
                    from,
                    later.until,
                    calls + later.calls,
                    millis + later.millis,
                    squareMillis + later.squareMillis,
                    rows + later.rows,
                    blocks + later.blocks,
                    read + later.read);
        }

        public double meanMillis() {
            return calls == 0 ? 0 : millis / calls;
        }

        double rowsPerCall() {
            return calls == 0 ? 0 : (double) rows / calls;
        }

        double blocksPerCall() {
            return calls == 0 ? 0 : (double) blocks / calls;
        }

        double readShare() {
            return blocks == 0 ? 0 : (double) read / blocks;
        }

        /** Of the mean. */
        private double squaredError() {
            double mean = meanMillis();
            return calls == 0 ? 0 : Math.max(0, squareMillis / calls - mean * mean) / calls;
        }
    }

    /**
     * The rise that splits these best, if the newest calls are still slow; null where there is none.
     *
     * @param windows oldest first
     */
    public static @Nullable Slowdown in(List<Calls> windows) {
        Slowdown best = null;
        double most = 0;
        for (int split = 1; split < windows.size(); split++) {
            var one = new Slowdown(
                    windows.get(split - 1).until(),
                    sum(windows.subList(0, split)),
                    sum(windows.subList(split, windows.size())));
            double difference = one.after.meanMillis() - one.before.meanMillis();
            double weight = (double) one.before.calls * one.after.calls / (one.before.calls + one.after.calls);
            if (one.isRise() && weight * difference * difference > most) {
                most = weight * difference * difference;
                best = one;
            }
        }
        return best != null && best.isRiseTo(newest(windows)) ? best : null;
    }

    private static Calls sum(List<Calls> windows) {
        return windows.stream().reduce(Calls::and).orElseThrow();
    }

    private static Calls newest(List<Calls> windows) {
        int from = windows.size() - 1;
        while (from > 0 && sum(windows.subList(from, windows.size())).calls < LEAST_CALLS) {
            from--;
        }
        return sum(windows.subList(from, windows.size()));
    }

    private boolean isRise() {
        return before.calls >= LEAST_CALLS && after.calls >= LEAST_CALLS && isRiseTo(after);
    }

    private boolean isRiseTo(Calls later) {
        double difference = later.meanMillis() - before.meanMillis();
        return later.meanMillis() >= LEAST_FACTOR * before.meanMillis()
                && difference >= LEAST_MILLIS
                && difference >= CERTAIN * Math.sqrt(before.squaredError() + later.squaredError());
    }

    /**
     * The plan that it had before, as an analysis of then knows it.
     *
     * @param same whether it still has it
     */
    public record EarlierPlan(String analysis, boolean same) {}

    /**
     * What it is to a reader: a regression, whether or not the plan is the reason.
     *
     * @param planned whether there is a plan now
     * @param earlier null where none was kept
     */
    public Finding finding(boolean planned, @Nullable EarlierPlan earlier) {
        boolean moreRows = ratio(after.rowsPerCall(), before.rowsPerCall()) > ABOUT;
        return new Finding(
                "plan-regression",
                moreRows ? Severity.INFO : Severity.CRITICAL,
                null,
                "The mean time rose from %s to %s a call, to %s as much, over %s calls since %s. %s %s"
                        .formatted(
                                millis(before.meanMillis()),
                                millis(after.meanMillis()),
                                Wording.times(factor()),
                                Wording.count(after.calls),
                                since,
                                plan(planned, earlier),
                                work(moreRows)),
                advice(moreRows),
                after.meanMillis() - before.meanMillis(),
                new Evidence()
                        .name("since", since.toString())
                        .name("earlierAnalysis", earlier == null ? null : earlier.analysis())
                        .flag("earlierPlanKnown", earlier != null)
                        .count("earlierCalls", before.calls)
                        .count("calls", after.calls)
                        .number("earlierMeanMillis", before.meanMillis())
                        .number("meanMillis", after.meanMillis())
                        .number("factor", factor())
                        .number("earlierRowsPerCall", before.rowsPerCall())
                        .number("rowsPerCall", after.rowsPerCall())
                        .number("earlierBlocksPerCall", before.blocksPerCall())
                        .number("blocksPerCall", after.blocksPerCall())
                        .map());
    }

    private static String millis(double millis) {
        return String.format(Locale.ROOT, millis < 10 ? "%,.2f ms" : "%,.0f ms", millis);
    }

    private double factor() {
        return after.meanMillis() / Math.max(PlanRegression.LEAST_MEAN_MILLIS, before.meanMillis());
    }

    private static String plan(boolean planned, @Nullable EarlierPlan earlier) {
        if (earlier == null || !planned) {
            return "No plan of before is kept%s, so whether it changed is not known."
                    .formatted(planned ? ", this is the one now" : ", and there is none now");
        }
        return (earlier.same()
                        ? "The plan is that of analysis %s, before it."
                        : "The plan is another one than in analysis %s, before it.")
                .formatted(earlier.analysis());
    }

    private String work(boolean moreRows) {
        if (moreRows) {
            return "A call returns %s rows, and returned %s: it does more than before."
                    .formatted(Wording.count(after.rowsPerCall()), Wording.count(before.rowsPerCall()));
        }
        if (isMoreBlocks()) {
            return "A call touches %s blocks, and touched %s, for about as many rows."
                    .formatted(Wording.count(after.blocksPerCall()), Wording.count(before.blocksPerCall()));
        }
        return "A call touches about as many blocks as before, %s, for about as many rows%s."
                .formatted(
                        Wording.count(after.blocksPerCall()),
                        isColder()
                                ? ", and reads %s of them from outside of the cache, not %s"
                                        .formatted(
                                                Wording.percent(after.readShare()), Wording.percent(before.readShare()))
                                : "");
    }

    private String advice(boolean moreRows) {
        if (moreRows) {
            return "See whether the data grew, or the values that it is called with changed: an earlier plan would take longer, too.";
        }
        if (isMoreBlocks()) {
            return "See what changed about then: an index that is gone or invalid, statistics that are old, a setting, a table that grew or is bloated. Look at the scans of this plan first.";
        }
        return isColder()
                ? "See what pushed its blocks out of the cache: another statement, a larger table, a restart."
                : "See what it waits for (wait_event in pg_stat_activity): locks, a busy machine, slow storage. Its plan need not be the reason.";
    }

    private boolean isMoreBlocks() {
        return ratio(after.blocksPerCall(), before.blocksPerCall()) > ABOUT;
    }

    private boolean isColder() {
        return after.readShare() > 0.05 && after.readShare() > ABOUT * before.readShare();
    }

    /** A few more of nearly none are about as many. */
    private static double ratio(double now, double then) {
        return (now + 1) / (then + 1);
    }
}
