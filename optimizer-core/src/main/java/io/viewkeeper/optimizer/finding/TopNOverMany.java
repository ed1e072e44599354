// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import io.viewkeeper.optimizer.plan.Detail;
import io.viewkeeper.optimizer.plan.PlanNode;
import java.util.List;
import java.util.stream.Stream;

/**
 * A few rows are wanted in order, and every row of a relation is read to find them.
 *
 * <pre>
 * Limit (rows=10)                                          Limit (rows=10)
 *   -> Sort (rows=10)                                        -> Index Scan Backward using orders_placed_at on orders (rows=10)
 *        Sort Method: top-N heapsort  Memory: 26kB     →
 *        -> Seq Scan on orders (rows=300000)
 * </pre>
 */
final class TopNOverMany implements Rule {
    static final double LEAST_ROWS = 100_000;

    @Override
    public String id() {
        return "top-n-over-many";
    }

    @Override
    public List<Finding> check(Context context) {
        return context.plan().nodes().stream()
                .flatMap(
                        node -> node.detail() instanceof Detail.Sort sort ? check(context, node, sort) : Stream.empty())
                .toList();
    }

    private Stream<Finding> check(Context context, PlanNode node, Detail.Sort sort) {
        var scan = RowSource.singleRelation(node);
        var input = node.outer();
        boolean many = input != null && context.rows(input) >= LEAST_ROWS;
        boolean topN = context.estimated()
                ? SortSpace.bounded(context, node)
                : SortSpace.of(node, sort).topN();
        return scan != null && many && topN ? Stream.of(finding(context, node, sort, scan)) : Stream.empty();
    }

    private Finding finding(Context context, PlanNode node, Detail.Sort sort, PlanNode scan) {
        var impact = Impact.inclusive(context, node);
        var columns = SortColumn.of(sort.keys());
        String index = columns.isEmpty() ? null : IndexSketch.forOrder(scan, columns);
        String relation = Wording.relation(scan);
        return new Finding(
                id(),
                impact.severity(),
                node.path(),
                context.estimated()
                        ? "By the planner's estimate %s rows of %s are read to find the first few in order."
                                .formatted(Wording.count(context.rows(scan)), relation)
                        : "%s rows of %s were read to find the first %s in order."
                                .formatted(
                                        Wording.count(scan.actualRows()), relation, Wording.count(node.actualRows())),
                index == null
                        ? "An index on the expression that is ordered by lets the server read the first rows alone."
                        : "An index in this order lets the server read the first rows alone: " + index + ".",
                impact.millis(),
                Evidence.of(context, impact)
                        .name("relation", relation)
                        .expressions("sortKeys", sort.keys())
                        .count("rowsRead", context.rows(scan))
                        .count("rowsReturned", context.rows(node))
                        .name("suggestedIndex", index)
                        .map());
    }
}
