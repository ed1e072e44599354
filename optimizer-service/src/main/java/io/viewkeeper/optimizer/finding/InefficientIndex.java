package io.viewkeeper.optimizer.finding;

import io.viewkeeper.optimizer.plan.Detail;
import io.viewkeeper.optimizer.plan.NodeType;
import io.viewkeeper.optimizer.plan.PlanNode;
import java.util.List;

/**
 * An index finds many rows, and nearly all of them are thrown away after they were fetched from the table.
 *
 * <pre>
 * Index Scan using orders_status on orders (rows=30)      Index Scan using orders_status_customer_id on orders (rows=30)
 *   Index Cond: (status = 'open')                      →     Index Cond: ((status = 'open') AND (customer_id = 17))
 *   Filter: (customer_id = 17)
 *   Rows Removed by Filter: 59970
 * </pre>
 */
final class InefficientIndex implements Rule {
    @Override
    public String id() {
        return "inefficient-index";
    }

    @Override
    public List<Finding> check(Context context) {
        return context.plan().nodes().stream()
                .filter(InefficientIndex::usesCondition)
                .filter(node -> rows(node).mostlyRemoved())
                .map(node -> finding(context, node))
                .toList();
    }

    private static boolean usesCondition(PlanNode node) {
        return node.type() == NodeType.BITMAP_HEAP_SCAN
                || ((node.type() == NodeType.INDEX_SCAN || node.type() == NodeType.INDEX_ONLY_SCAN)
                        && OrderOnly.hasCondition(node));
    }

    /** What is looked at again because the bitmap did not fit into memory is lossy-bitmap's to say. */
    private static RowsRead rows(PlanNode node) {
        boolean shortOfMemory = node.detail() instanceof Detail.BitmapHeap bitmap && LossyBitmap.shortOfMemory(bitmap);
        return shortOfMemory ? RowsRead.byFilter(node) : RowsRead.byFilterAndRecheck(node);
    }

    private Finding finding(Context context, PlanNode node) {
        var rows = rows(node);
        var impact = Impact.share(context, node, rows.removedShare());
        String index = IndexSketch.forConditions(node);
        String relation = Wording.relation(node);
        return new Finding(
                id(),
                impact.severity(),
                node.path(),
                "The index found %s rows of %s, of which %s were thrown away afterwards."
                        .formatted(Wording.count(rows.total()), relation, Wording.count(rows.removed())),
                index == null
                        ? "Put the column or expression that the filter compares into the index as well."
                        : "An index that holds all compared columns finds only the rows that are needed: " + index
                                + ".",
                impact.millis(),
                new Evidence()
                        .name("relation", relation)
                        .name("index", node.target().index())
                        .expression("indexCondition", node.conditions().indexCond())
                        .expression("recheckCondition", node.conditions().recheckCond())
                        .expression("filter", node.conditions().filter())
                        .count("rowsRead", rows.total())
                        .count("rowsRemoved", rows.removed())
                        .number("removedShare", rows.removedShare())
                        .name("suggestedIndex", index)
                        .map());
    }
}
