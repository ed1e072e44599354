// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import io.viewkeeper.optimizer.plan.PlanNode;
import io.viewkeeper.optimizer.plan.PlanShape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A statement that has another plan than before and has become slower with it. Before, 240 ms a call:
 *
 * <pre>
 * Aggregate
 *   -&gt; Seq Scan on orders
 *        Filter: (customer_id = ?)
 * </pre>
 *
 * After, with the index that was there before, 0.4 ms a call:
 *
 * <pre>
 * Aggregate
 *   -&gt; Index Scan using orders_customer_id_idx on orders
 *        Index Cond: (customer_id = ?)
 * </pre>
 */
final class PlanRegression implements Rule {
    /** Of each plan: fewer say little of its mean. */
    static final long LEAST_CALLS = 30;

    static final double LEAST_FACTOR = 2;

    /** What pg_stat_statements can tell from nothing. */
    static final double LEAST_MEAN_MILLIS = 0.001;

    @Override
    public String id() {
        return "plan-regression";
    }

    @Override
    public List<Finding> check(Context context) {
        var history = context.history();
        if (history == null || history.earlierCalls() < LEAST_CALLS || history.calls() < LEAST_CALLS) {
            return List.of();
        }
        if (factor(history) < LEAST_FACTOR) {
            return List.of();
        }
        return PlanShape.changedNode(history.earlier(), context.plan())
                .map(change -> finding(context, history, change))
                .stream()
                .toList();
    }

    private static double factor(PlanHistory history) {
        return history.meanMillis() / Math.max(LEAST_MEAN_MILLIS, history.earlierMeanMillis());
    }

    /** At least half of a call is the regression's, so it is always critical. */
    private Finding finding(Context context, PlanHistory history, PlanShape.Change change) {
        double millis = history.meanMillis() - history.earlierMeanMillis();
        return new Finding(
                id(),
                Severity.CRITICAL,
                accountable(context, change, millis),
                "The plan changed, and a call takes %s as long as before: %s."
                        .formatted(Wording.times(factor(history)), change.what()),
                "Compare this plan with that of analysis %s, beginning with the changed node: is an index gone, are estimates further off, was a setting changed? Mend that, and see that the earlier plan returns."
                        .formatted(history.earlierAnalysis()),
                millis,
                new Evidence()
                        .name("earlierAnalysis", history.earlierAnalysis())
                        .name("earlierSeenAt", history.earlierSeenAt().toString())
                        .name("earlierShape", PlanShape.hash(history.earlier()))
                        .name("shape", PlanShape.hash(context.plan()))
                        .name("changedNode", change.path())
                        .name("change", change.what())
                        .count("earlierCalls", (double) history.earlierCalls())
                        .count("calls", (double) history.calls())
                        .number("earlierMeanMillis", history.earlierMeanMillis())
                        .number("meanMillis", history.meanMillis())
                        .number("factor", factor(history))
                        .map());
    }

    /** The first node that changed need not be the one that costs; where it took less, the finding is about the whole. */
    private static @Nullable String accountable(Context context, PlanShape.Change change, double millis) {
        double took = context.plan().nodes().stream()
                .filter(node -> node.path().equals(change.path()))
                .mapToDouble((PlanNode node) -> context.times().inclusiveMillis(node))
                .sum();
        return context.times().known() && took < millis ? null : change.path();
    }
}
