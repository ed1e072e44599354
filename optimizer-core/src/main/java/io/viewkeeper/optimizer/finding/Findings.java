// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/** All rules over one plan. */
public final class Findings {
    /** Of the execution time, or of the plan's cost: what costs less is not reported. */
    static final double LEAST_SHARE = 0.05;
    /** What costs less is not reported, whatever its share; unless it is executed so often that a day of it is more. */
    static final double LEAST_MILLIS = 10;
    /** The same of what was not timed: a cost of 100 is about a millisecond. */
    static final double LEAST_COST = 1_000;

    private static final double LEAST_MILLIS_PER_DAY = 60_000;

    private Findings() {}

    /** What is worth reporting, in the order in which to see to it: {@link Ranking}. */
    public static List<Finding> of(Context context) {
        return of(context, 0);
    }

    /** @param callsPerDay of the statement; 0 where nothing is known of it */
    public static List<Finding> of(Context context, double callsPerDay) {
        var found = new ArrayList<Finding>();
        for (Rule rule : Rules.ALL) {
            found.addAll(Partitions.together(context, checked(rule, context)));
        }
        double totalMillis = context.times().totalMillis();
        double least = least(callsPerDay);
        return Ranking.ordered(
                found.stream()
                        .filter(finding -> matters(finding, totalMillis, least))
                        .map(finding -> ExistingIndexes.told(context, finding))
                        .toList(),
                totalMillis);
    }

    static double least(double callsPerDay) {
        return Math.min(LEAST_MILLIS, LEAST_MILLIS_PER_DAY / callsPerDay);
    }

    /** Nobody waits for the rest when the thread is interrupted. */
    private static List<Finding> checked(Rule rule, Context context) {
        if (Thread.currentThread().isInterrupted()) {
            throw new CancellationException("interrupted while a plan was looked at");
        }
        return rule.check(context);
    }

    private static boolean matters(Finding finding, double totalMillis, double leastMillis) {
        Double share = Evidence.costShare(finding);
        return share == null
                ? matters(finding.impactMillis(), totalMillis, leastMillis)
                : share >= LEAST_SHARE && Evidence.cost(finding) >= LEAST_COST / LEAST_MILLIS * leastMillis;
    }

    /** Without a time there is nothing to compare with. */
    static boolean matters(@Nullable Double impactMillis, double totalMillis, double leastMillis) {
        return impactMillis == null || (impactMillis >= leastMillis && impactMillis >= LEAST_SHARE * totalMillis);
    }
}
