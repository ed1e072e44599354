// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import io.viewkeeper.optimizer.plan.Detail;
import io.viewkeeper.optimizer.plan.PlanNode;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Many rows are sorted by plain columns of one relation: an index could hand them out in that order.
 *
 * <pre>
 * Sort (actual time=301..330 rows=200000)              Index Scan using orders_customer_placed_idx on orders
 *   Sort Key: customer_id, placed_at              →      (actual time=0.1..160 rows=200000)
 *   -> Seq Scan on orders (… rows=200000)
 * </pre>
 */
final class AvoidableSort implements Rule {
    /** Fewer rows are mostly sorted in no time. */
    static final double LEAST_ROWS = 10_000;
    /** Above a join the order has to survive it, so it takes more to be worth a try. */
    static final double LEAST_ROWS_OVER_JOIN = 100_000;
    /** By which fewer they may be where sorting was most of the execution: texts are dear to compare. */
    private static final double FEWER_OF_MOST = 10;

    @Override
    public String id() {
        return "avoidable-sort";
    }

    @Override
    public List<Finding> check(Context context) {
        return context.plan().nodes().stream()
                .filter(context::runs)
                .flatMap(
                        node -> node.detail() instanceof Detail.Sort sort ? check(context, node, sort) : Stream.empty())
                .toList();
    }

    private Stream<Finding> check(Context context, PlanNode node, Detail.Sort sort) {
        var columns = SortColumn.of(sort.keys());
        var scan = columns.isEmpty() ? null : scanOf(node, columns);
        boolean topN = context.estimated()
                ? SortSpace.bounded(context, node)
                : SortSpace.of(node, sort).topN();
        if (scan == null || topN || context.rows(node) < leastRows(context, node)) {
            return Stream.empty();
        }
        return Stream.of(finding(context, node, sort, scan, columns));
    }

    private static double leastRows(Context context, PlanNode node) {
        double least = RowSource.singleRelation(node) == null ? LEAST_ROWS_OVER_JOIN : LEAST_ROWS;
        return context.times().share(node) >= Impact.CRITICAL_SHARE ? least / FEWER_OF_MOST : least;
    }

    /** The scan that all keys are columns of. */
    private static @Nullable PlanNode scanOf(PlanNode node, List<SortColumn> columns) {
        var single = RowSource.singleRelation(node);
        if (single != null) {
            boolean all = columns.stream()
                    .allMatch(
                            column -> column.reference().mayBeOf(single.target().alias()));
            return all ? single : null;
        }
        var scans = node.selfAndDescendants()
                .filter(below -> RowSource.isRelationScan(below.type()))
                .filter(below -> columns.stream()
                        .allMatch(column -> column.reference().alias() != null
                                && column.reference().mayBeOf(below.target().alias())))
                .toList();
        boolean grouped = node.outer() == null || groups(node.outer());
        return scans.size() == 1 && !grouped ? scans.getFirst() : null;
    }

    private static boolean groups(PlanNode node) {
        return switch (node.type()) {
            case AGGREGATE, GROUP, WINDOW_AGG, UNIQUE, SET_OP, APPEND, MERGE_APPEND, SUBQUERY_SCAN -> true;
            default -> {
                var source = node.outer();
                yield source != null && groups(source);
            }
        };
    }

    private Finding finding(Context context, PlanNode node, Detail.Sort sort, PlanNode scan, List<SortColumn> columns) {
        var impact = Impact.exclusive(context, node);
        String relation = Wording.relation(scan);
        String index = IndexSketch.forOrder(scan, columns);
        boolean overJoin = RowSource.singleRelation(node) == null;
        return new Finding(
                id(),
                impact.severity(),
                node.path(),
                (context.estimated()
                                ? "By the planner's estimate %s rows are sorted by columns of %s alone."
                                : "%s rows were sorted by columns of %s alone.")
                        .formatted(Wording.count(context.rows(node)), relation),
                "An index with these columns hands the rows out in order: %s. ".formatted(index)
                        + (overJoin
                                ? "It saves the sort where the joins keep that order, as nested loops do."
                                : "It pays best where the statement reads few columns or part of the rows."),
                impact.millis(),
                Evidence.of(context, impact)
                        .name("relation", relation)
                        .expressions("sortKeys", sort.keys())
                        .count("rows", context.rows(node))
                        .name(
                                "method",
                                context.estimated()
                                        ? null
                                        : SortSpace.of(node, sort).method())
                        .flag("overJoin", overJoin)
                        .name("suggestedIndex", index)
                        .map());
    }
}
