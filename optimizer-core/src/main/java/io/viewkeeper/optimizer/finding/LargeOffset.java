// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import io.viewkeeper.optimizer.plan.Detail;
import io.viewkeeper.optimizer.plan.NodeType;
import io.viewkeeper.optimizer.plan.PlanNode;
import java.util.List;

/**
 * OFFSET makes the server produce all the rows that it then skips.
 *
 * <pre>
 * Limit (rows=20)                                            Limit (rows=20)
 *   -> Index Scan using orders_pkey on orders (rows=200020) →   -> Index Scan using orders_pkey on orders (rows=20)
 *                                                                   Index Cond: (id > 200000)
 * </pre>
 */
final class LargeOffset implements Rule {
    static final double LEAST_ROWS = 1_000;
    /** Of the rows that were made. */
    static final double LEAST_SHARE = 0.9;

    @Override
    public String id() {
        return "large-offset";
    }

    @Override
    public List<Finding> check(Context context) {
        return context.plan().nodes().stream()
                .filter(node -> node.type() == NodeType.LIMIT && context.runs(node))
                .filter(limit -> skipsMost(context, limit))
                .map(limit -> finding(context, limit))
                .toList();
    }

    private static boolean skipsMost(Context context, PlanNode limit) {
        double skipped = skipped(context, limit);
        return skipped >= LEAST_ROWS && skipped >= LEAST_SHARE * made(context, limit);
    }

    /** A limit stops its child as soon as it has its rows: what that returned beyond them was skipped. */
    private static double skipped(Context context, PlanNode limit) {
        return context.estimated() ? expected(limit) : made(context, limit) - limit.actualRows();
    }

    private static double made(Context context, PlanNode limit) {
        var source = limit.outer();
        if (source == null) {
            return 0;
        }
        return context.estimated() ? expected(limit) + limit.estimatedRows() : source.actualRows();
    }

    /** The cost of the first row beyond that of the child's first row is that of the rows that are skipped. */
    private static double expected(PlanNode limit) {
        var source = limit.outer();
        var estimate = limit.estimate();
        var below = source == null ? null : source.estimate();
        if (estimate == null || below == null || below.totalCost() <= below.startupCost()) {
            return 0;
        }
        double part = (estimate.startupCost() - below.startupCost()) / (below.totalCost() - below.startupCost());
        return Math.clamp(part, 0, 1) * below.rows();
    }

    private Finding finding(Context context, PlanNode limit) {
        var impact = Impact.of(context, context.inclusive(limit) * skipped(context, limit) / made(context, limit));
        var source = limit.outer();
        List<String> keys = source != null && source.detail() instanceof Detail.Sort sort ? sort.keys() : List.of();
        var evidence = Evidence.of(context, impact)
                .count("rowsReturned", context.rows(limit))
                .count("rowsSkipped", skipped(context, limit));
        return new Finding(
                id(),
                impact.severity(),
                limit.path(),
                (context.estimated()
                                ? "By the planner's estimate an OFFSET skips %s rows to return %s."
                                : "An OFFSET skipped %s rows to return %s.")
                        .formatted(Wording.count(skipped(context, limit)), Wording.count(context.rows(limit))),
                "Go on where the last page ended instead: a condition on the ordered columns, greater than the last row's,"
                        + " with an index on them; it costs the same for every page.",
                impact.millis(),
                (keys.isEmpty() ? evidence : evidence.expressions("sortKeys", keys)).map());
    }
}
