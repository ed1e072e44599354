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
                .filter(node -> node.type() == NodeType.LIMIT && node.executed())
                .flatMap(limit -> check(context, limit))
                .toList();
    }

    private Stream<Finding> check(Context context, PlanNode limit) {
        var source = source(limit);
        if (source == null || !RowSource.joins(source)) {
            return Stream.empty();
        }
        double rows = source.actualRows() + removed(source);
        boolean late = rows >= LEAST_ROWS && rows >= LEAST_FACTOR * Math.max(1, limit.actualRows());
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
        double wasted = 1 - limit.actualRows() / rows;
        var impact = Impact.of(context, context.times().inclusiveMillis(limit) * wasted);
        return new Finding(
                id(),
                impact.severity(),
                limit.path(),
                "A LIMIT took %s of %s rows that had been joined first (%s)."
                        .formatted(Wording.count(limit.actualRows()), Wording.count(rows), source.typeName()),
                "Choose the rows first and join the rest to them: put the LIMIT with its ORDER BY into a subquery on the"
                        + " relation that decides the order, with an index on that order.",
                impact.millis(),
                new Evidence()
                        .count("rowsTaken", limit.actualRows())
                        .count("rowsMade", rows)
                        .name("madeBy", source.typeName())
                        .name("madeByPath", source.path())
                        .map());
    }
}
