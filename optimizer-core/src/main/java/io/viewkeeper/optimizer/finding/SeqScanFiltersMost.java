// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import io.viewkeeper.optimizer.plan.NodeType;
import io.viewkeeper.optimizer.plan.PlanNode;
import java.util.List;

/**
 * A large table is read from end to end for few rows.
 *
 * <pre>
 * Seq Scan on orders (actual time=0.1..96.2 rows=40)        Index Scan using orders_customer_idx on orders (actual … rows=40)
 *   Filter: (customer_id = 17)                         →      Index Cond: (customer_id = 17)
 *   Rows Removed by Filter: 399960
 * </pre>
 */
final class SeqScanFiltersMost implements Rule {
    /** Smaller tables are read faster than an index helps. */
    static final long LEAST_BYTES = 10L << 20;

    @Override
    public String id() {
        return "seq-scan-filters-most";
    }

    @Override
    public List<Finding> check(Context context) {
        return context.plan().nodes().stream()
                .filter(node ->
                        node.type() == NodeType.SEQ_SCAN && node.conditions().filter() != null)
                .filter(node -> TableSize.bytes(context, node) >= LEAST_BYTES)
                .filter(node -> context.estimated()
                        ? FewRows.expected(context, node)
                        : RowsRead.byFilter(node).mostlyRemoved())
                .map(node -> context.estimated() ? expected(context, node) : finding(context, node))
                .toList();
    }

    private Finding expected(Context context, PlanNode node) {
        var impact = Impact.exclusive(context, node);
        var index = IndexAdvice.of(node);
        String relation = Wording.relation(node);
        return new Finding(
                id(),
                impact.severity(),
                node.path(),
                "By the planner's estimate %s is read from end to end (about %s) for %s rows."
                        .formatted(
                                relation,
                                Wording.size(TableSize.bytes(context, node)),
                                Wording.count(node.estimatedRows())),
                index.advice(),
                impact.millis(),
                Evidence.of(context, impact)
                        .name("relation", relation)
                        .expression("filter", node.conditions().filter())
                        .number("estimatedRows", node.estimatedRows())
                        .count("sizeBytes", TableSize.bytes(context, node))
                        .name("suggestedIndex", index.ddl())
                        .map());
    }

    private Finding finding(Context context, PlanNode node) {
        var rows = RowsRead.byFilter(node);
        var impact = Impact.share(context, node, rows.removedShare());
        var index = IndexAdvice.of(node);
        String relation = Wording.relation(node);
        return new Finding(
                id(),
                impact.severity(),
                node.path(),
                "%s was read from end to end: %s rows, of which the filter threw away %s."
                        .formatted(relation, Wording.count(rows.total()), Wording.count(rows.removed())),
                index.advice(),
                impact.millis(),
                Evidence.of(context, impact)
                        .name("relation", relation)
                        .expression("filter", node.conditions().filter())
                        .count("rowsRead", rows.total())
                        .count("rowsRemoved", rows.removed())
                        .number("removedShare", rows.removedShare())
                        .count("sizeBytes", TableSize.bytes(context, node))
                        .name("suggestedIndex", index.ddl())
                        .map());
    }
}
