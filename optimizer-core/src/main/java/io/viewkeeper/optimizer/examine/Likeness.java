// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.examine;

import io.viewkeeper.optimizer.explain.Explanation.Planned;
import io.viewkeeper.optimizer.plan.Buffers;
import io.viewkeeper.optimizer.plan.Detail;
import io.viewkeeper.optimizer.plan.Plan;
import io.viewkeeper.schema.statement.Counters;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether an execution did what the application's calls do. Its values are not theirs; where it took another time, or returned or
 * touched another amount, it proves nothing of them.
 */
public final class Likeness {
    /** How the note begins that says why an execution does not count. */
    public static final String PROVES_NOTHING = "nothing is concluded from an execution that was tried";

    /** An execution may take a fifth of the mean to five times the mean; more, where the times themselves vary by more. */
    static final double FACTOR = 5;

    /** Rows and blocks do not depend on how busy the machine is, but on the values all the more. */
    static final double FACTOR_OF_WORK = 10;

    /** Fewer calls have no mean to speak of. */
    public static final long LEAST_CALLS = 5;

    /** Below, EXPLAIN itself is what differs. */
    private static final double LEAST_MILLIS = 2;

    private static final double LEAST_ROWS = 10;
    private static final double LEAST_BLOCKS = 100;

    /** Standard deviations of the logarithm: all but a few calls. */
    private static final double DEVIATIONS = 2;

    /** Of a call's blocks, read from outside of the cache: its time is theirs. */
    private static final double COLD = 0.05;

    private static final double ABOUT = 2;

    private Likeness() {}

    /** What is other than in the application's calls; empty where nothing is, or they were too few. */
    static Optional<String> difference(Planned planned, Counters calls) {
        Double millis = planned.plan().executionMillis();
        if (calls.calls() < LEAST_CALLS || millis == null) {
            return Optional.empty();
        }
        double rows = planned.plan().root().actualRows();
        double rowsOfCall = (double) calls.rows() / calls.calls();
        if (differ(rows, rowsOfCall, FACTOR_OF_WORK, LEAST_ROWS)) {
            return Optional.of(said("it returned %,.0f rows, and a call of the application %,.0f", rows, rowsOfCall));
        }
        Blocks blocks = Blocks.of(planned.plan());
        Blocks blocksOfCall = new Blocks(
                (double) calls.blocks().all() / calls.calls(),
                (double) calls.blocks().read() / calls.calls());
        if (blocks != null && differ(blocks.all(), blocksOfCall.all(), FACTOR_OF_WORK, LEAST_BLOCKS)) {
            return Optional.of(said(
                    "it touched %,.0f blocks, and a call of the application %,.0f", blocks.all(), blocksOfCall.all()));
        }
        boolean explained = blocks != null && isWarmer(blocks, blocksOfCall);
        return isFar(millis, workers(planned.plain()), calls, explained)
                ? Optional.of(said(
                        "it took %,.1f ms, and a call of the application takes %,.1f ms", millis, calls.meanMillis()))
                : Optional.empty();
    }

    private static String said(String what, double here, double there) {
        return PROVES_NOTHING
                + ": "
                + String.format(Locale.ROOT, what, here, there)
                + " on average, so that its values are hardly the application's, or the time goes elsewhere";
    }

    /** @param warmer a quicker execution is explained by what it did not have to read */
    private static boolean isFar(double millis, long workers, Counters calls, boolean warmer) {
        double mean = calls.meanMillis();
        double variation = mean == 0 ? 0 : calls.deviationMillis() / mean;
        double squared = Math.log(1 + variation * variation);
        double median = mean * Math.exp(-squared / 2);
        double spread = Math.exp(DEVIATIONS * Math.sqrt(squared));
        double least = Math.min(mean / FACTOR, median / spread);
        // What several processes would have done, one did.
        double most = Math.max(mean * FACTOR, median * spread) * (workers + 1);
        if (Math.abs(millis - mean) < LEAST_MILLIS) {
            return false;
        }
        return millis > most || (millis < least && !warmer);
    }

    private static boolean isWarmer(Blocks here, Blocks there) {
        return !differ(here.all(), there.all(), ABOUT, LEAST_BLOCKS)
                && there.read() >= COLD * there.all()
                && here.read() < there.read();
    }

    private static boolean differ(double one, double other, double factor, double least) {
        return Math.abs(one - other) >= least && Math.max(one, other) > factor * Math.min(one, other);
    }

    private static long workers(Plan plan) {
        return plan.nodes().stream()
                .map(node -> node.detail() instanceof Detail.Gather gather ? gather.planned() : 0L)
                .max(Long::compare)
                .orElse(0L);
    }

    private record Blocks(double all, double read) {
        static @Nullable Blocks of(Plan executed) {
            Buffers buffers = executed.root().buffers();
            return buffers == null
                    ? null
                    : new Blocks(
                            buffers.shared().hit() + buffers.shared().read(),
                            buffers.shared().read());
        }
    }
}
