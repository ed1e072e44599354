// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import io.viewkeeper.optimizer.plan.Detail;
import io.viewkeeper.optimizer.plan.NodeType;
import io.viewkeeper.optimizer.plan.PlanNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
                .filter(node -> context.estimated()
                        ? isExpected(context, node)
                        : rows(node).mostlyRemoved())
                .map(node -> context.estimated() ? expected(context, node) : finding(context, node))
                .toList();
    }

    private static boolean usesCondition(PlanNode node) {
        return node.type() == NodeType.BITMAP_HEAP_SCAN
                || ((node.type() == NodeType.INDEX_SCAN || node.type() == NodeType.INDEX_ONLY_SCAN)
                        && OrderOnly.hasCondition(node));
    }

    /** A bitmap tells how many rows the index finds; an index scan costs more than its rows would. */
    private static boolean isExpected(Context context, PlanNode node) {
        if (node.conditions().filter() == null) {
            return false;
        }
        var bitmap = node.outer();
        if (node.type() != NodeType.BITMAP_HEAP_SCAN || bitmap == null) {
            return FewRows.byCost(context, node);
        }
        double removed = bitmap.estimatedRows() - node.estimatedRows();
        return removed >= RowsRead.MANY && removed >= RowsRead.MOST * bitmap.estimatedRows();
    }

    private Finding expected(Context context, PlanNode node) {
        var impact = Impact.inclusive(context, node);
        String relation = Wording.relation(node);
        return new Finding(
                id(),
                impact.severity(),
                node.path(),
                "By the planner's estimate the index finds many more rows of %s than the %s that its filter leaves."
                        .formatted(relation, Wording.count(node.estimatedRows())),
                advice(node),
                impact.millis(),
                evidence(context, impact, node)
                        .number("estimatedRows", node.estimatedRows())
                        .name("suggestedIndex", suggestion(node))
                        .map());
    }

    /** Null where it would stand behind a key that finds one row already. */
    private static @Nullable String suggestion(PlanNode node) {
        return PrimaryKey.isAsked(node) || node.conditions().filter() == null
                ? null
                : IndexAdvice.of(node).ddl();
    }

    private static String advice(PlanNode node) {
        if (PrimaryKey.isAsked(node)) {
            return "The primary key finds each of these rows, and an index cannot be narrower than that: ask for fewer keys, by choosing them where they come from with what the filter compares.";
        }
        if (node.conditions().filter() == null) {
            return "What the index finds is checked again and thrown away: it knows pages or signatures rather than rows (BRIN, GIN, GiST). A B-tree on the compared columns, or a narrower condition, finds the rows themselves.";
        }
        String index = IndexAdvice.of(node).ddl();
        return index == null
                ? "The index does not hold what the filter needs. "
                        + IndexAdvice.of(node).advice()
                : "An index that holds all compared columns finds only the rows that are needed: " + index + ".";
    }

    /** What is looked at again because the bitmap did not fit into memory is lossy-bitmap's to say. */
    private static RowsRead rows(PlanNode node) {
        boolean shortOfMemory = node.detail() instanceof Detail.BitmapHeap bitmap && LossyBitmap.shortOfMemory(bitmap);
        return shortOfMemory ? RowsRead.byFilter(node) : RowsRead.byFilterAndRecheck(node);
    }

    private Finding finding(Context context, PlanNode node) {
        var rows = rows(node);
        var impact = Impact.share(context, node, rows.removedShare());
        String relation = Wording.relation(node);
        return new Finding(
                id(),
                impact.severity(),
                node.path(),
                "The index found %s rows of %s, of which %s were thrown away afterwards."
                        .formatted(Wording.count(rows.total()), relation, Wording.count(rows.removed())),
                advice(node),
                impact.millis(),
                evidence(context, impact, node)
                        .count("rowsRead", rows.total())
                        .count("rowsRemoved", rows.removed())
                        .number("removedShare", rows.removedShare())
                        .name("suggestedIndex", suggestion(node))
                        .map());
    }

    private static Evidence evidence(Context context, Impact impact, PlanNode node) {
        return Evidence.of(context, impact)
                .name("relation", Wording.relation(node))
                .name("index", node.target().index())
                .expression("indexCondition", node.conditions().indexCond())
                .expression("recheckCondition", node.conditions().recheckCond())
                .expression("filter", node.conditions().filter());
    }
}
