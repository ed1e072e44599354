// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import io.viewkeeper.optimizer.plan.NodeType;
import io.viewkeeper.optimizer.plan.PlanNode;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Rows are joined by the thousand, then sorted or filtered, and a LIMIT takes a few of them.
 *
 * <pre>
 * Limit (rows=10)                                        Nested Loop (rows=10)
 *   -> Sort (rows=10)                                      -> Limit (rows=10)
 *        -> Hash Join (rows=300000)                  →          -> Index Scan Backward using orders_placed_at on orders
 *             -> Seq Scan on orders (rows=300000)          -> Index Scan using customers_pkey on customers
 *             -> Hash -> Seq Scan on customers
 * </pre>
 */
final class LateLimit implements Rule {
    static final double LEAST_FACTOR = 100;
    static final double LEAST_ROWS = 1_000;

    @Override
    public String id() {
        return "late-limit";
    }

    @Override
    public List<Finding> check(Context context) {
        return context.plan().nodes().stream()
                .filter(node -> node.type() == NodeType.LIMIT && context.runs(node))
                .flatMap(limit -> check(context, limit))
                .toList();
    }

    private Stream<Finding> check(Context context, PlanNode limit) {
        var source = source(limit);
        if (source == null || !RowSource.joins(source)) {
            return Stream.empty();
        }
        double rows = context.rows(source) + removed(source);
        boolean late = rows >= LEAST_ROWS && rows >= LEAST_FACTOR * Math.max(1, context.rows(limit));
        return late ? Stream.of(finding(context, limit, source, rows)) : Stream.empty();
    }

    /** What feeds the first sort or filter below the limit; null where there is none. */
    private static @Nullable PlanNode source(PlanNode limit) {
        var node = limit.outer();
        while (node != null) {
            switch (node.type()) {
                case SORT, INCREMENTAL_SORT -> {
                    return node.outer();
                }
                case SUBQUERY_SCAN -> {
                    if (node.conditions().filter() != null) {
                        return node.outer();
                    }
                }
                case RESULT, GATHER, GATHER_MERGE, LOCK_ROWS -> {}
                default -> {
                    return node.conditions().filter() != null && !RowSource.isRelationScan(node.type()) ? node : null;
                }
            }
            node = node.outer();
        }
        return null;
    }

    private static double removed(PlanNode node) {
        var actual = node.actual();
        return actual == null ? 0 : node.removals().byFilter() * actual.loops();
    }

    private Finding finding(Context context, PlanNode limit, PlanNode source, double rows) {
        double taken = context.rows(limit);
        double wasted = 1 - taken / rows;
        var impact = Impact.of(context, context.inclusive(limit) * wasted);
        return new Finding(
                id(),
                impact.severity(),
                limit.path(),
                (context.estimated()
                                ? "By the planner's estimate a LIMIT takes %s of %s rows that are joined first (%s)."
                                : "A LIMIT took %s of %s rows that had been joined first (%s).")
                        .formatted(Wording.count(taken), Wording.count(rows), source.typeName()),
                "Choose the rows first and join the rest to them: put the LIMIT with its ORDER BY into a subquery on the"
                        + " relation that decides the order, with an index on that order; that is the same where the joins"
                        + " neither drop nor multiply its rows.",
                impact.millis(),
                Evidence.of(context, impact)
                        .count("rowsTaken", taken)
                        .count("rowsMade", rows)
                        .name("madeBy", source.typeName())
                        .name("madeByPath", source.path())
                        .map());
    }
}
