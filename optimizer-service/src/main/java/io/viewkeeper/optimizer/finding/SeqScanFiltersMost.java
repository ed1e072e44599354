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
                .filter(node -> node.type() == NodeType.SEQ_SCAN)
                .filter(node -> RowsRead.byFilter(node).mostlyRemoved())
                .filter(node -> sizeBytes(context, node) >= LEAST_BYTES)
                .map(node -> finding(context, node))
                .toList();
    }

    /** By the catalog, else by what one reading of it touched. */
    private static double sizeBytes(Context context, PlanNode node) {
        var facts = context.tableOf(node);
        if (facts != null) {
            return facts.sizeBytes();
        }
        var actual = node.actual();
        // Processes share one reading of a table, loops of a join repeat it.
        double readings = actual == null || node.placement().parallelAware() ? 1 : actual.loops();
        return OwnBlocks.of(node).touched() / readings * context.server().blockSizeBytes();
    }

    private Finding finding(Context context, PlanNode node) {
        var rows = RowsRead.byFilter(node);
        var impact = Impact.share(context, node, rows.removedShare());
        var index = IndexSketch.forConditions(node);
        String relation = Wording.relation(node);
        return new Finding(
                id(),
                impact.severity(),
                node.path(),
                "%s was read from end to end: %s rows, of which the filter threw away %s."
                        .formatted(relation, Wording.count(rows.total()), Wording.count(rows.removed())),
                index == null
                        ? "No plain column of %s is compared here: an index on the expression in the filter could serve it."
                                .formatted(relation)
                        : "An index on the columns of the filter lets the server read only the rows it needs: " + index
                                + ".",
                impact.millis(),
                new Evidence()
                        .name("relation", relation)
                        .expression("filter", node.conditions().filter())
                        .count("rowsRead", rows.total())
                        .count("rowsRemoved", rows.removed())
                        .number("removedShare", rows.removedShare())
                        .count("sizeBytes", sizeBytes(context, node))
                        .name("suggestedIndex", index)
                        .map());
    }
}
