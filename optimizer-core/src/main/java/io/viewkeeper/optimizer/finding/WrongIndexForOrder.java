// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import io.viewkeeper.optimizer.plan.NodeType;
import io.viewkeeper.optimizer.plan.PlanNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * For a LIMIT the server walked an index in the wanted order and threw rows away until enough had passed the filter.
 *
 * <pre>
 * Limit (rows=10)                                              Limit (rows=10)
 *   -> Index Scan using orders_placed_at on orders (rows=10) →   -> Index Scan using orders_customer_id_placed_at on orders
 *        Filter: (customer_id = 17)                                   Index Cond: (customer_id = 17)
 *        Rows Removed by Filter: 291044
 * </pre>
 */
final class WrongIndexForOrder implements Rule {
    @Override
    public String id() {
        return "wrong-index-for-order";
    }

    @Override
    public List<Finding> check(Context context) {
        return context.plan().nodes().stream()
                .filter(node -> node.type() == NodeType.LIMIT)
                .flatMap(limit -> orderedScans(limit).stream()
                        .filter(scan -> scan.conditions().filter() != null)
                        .filter(scan -> context.estimated()
                                ? FewRows.expected(context, scan)
                                : RowsRead.byFilter(scan).mostlyRemoved())
                        .map(scan -> context.estimated() ? expected(context, limit, scan) : finding(context, scan)))
                .toList();
    }

    /** What it costs if the wanted rows stand at the far end: that they are spread evenly is all that the planner hopes. */
    private Finding expected(Context context, PlanNode limit, PlanNode scan) {
        double rest = context.total() - context.inclusive(scan);
        double whole = context.costs().cost(scan);
        var impact = Impact.atWorst(whole, rest);
        String relation = Wording.relation(scan);
        return new Finding(
                id(),
                impact.severity(),
                scan.path(),
                "For a LIMIT of %s, %s is read in the order of %s, and the planner hopes to meet soon the rows that pass the filter; if they stand at the far end, nearly all of the index is read."
                        .formatted(
                                Wording.count(limit.estimatedRows()),
                                relation,
                                String.valueOf(scan.target().index())),
                advice(scan),
                impact.millis(),
                Evidence.of(context, impact)
                        .name("relation", relation)
                        .name("index", scan.target().index())
                        .expression("filter", scan.conditions().filter())
                        .number("rowsWanted", limit.estimatedRows())
                        .number("estimatedRows", scan.estimatedRows())
                        .map());
    }

    /** Behind a range, or several values, the order of the next columns is lost. */
    private static String advice(PlanNode scan) {
        String index = String.valueOf(scan.target().index());
        String columns =
                IndexSketch.heldColumns(scan).stream().map(Wording::quoted).collect(Collectors.joining(", "));
        return columns.isEmpty()
                ? "No plain column is compared with one value by =, so no index can lead with it and keep this order. "
                        + IndexAdvice.of(scan).advice()
                : "An index on %s of %s, then the columns of %s, has only the rows with these values, in this order."
                        .formatted(columns, Wording.quotedRelation(scan), index);
    }

    /** Those whose order reaches the limit: nothing between sorts or hashes. */
    private static List<PlanNode> orderedScans(PlanNode node) {
        var scans = new ArrayList<PlanNode>();
        for (PlanNode child : node.children()) {
            if ("Inner".equals(child.placement().parentRelationship())) {
                continue;
            }
            if (OrderOnly.is(child)) {
                scans.add(child);
            } else if (keepsOrder(child.type())) {
                scans.addAll(orderedScans(child));
            }
        }
        return scans;
    }

    private static boolean keepsOrder(NodeType type) {
        return switch (type) {
            case RESULT, LOCK_ROWS, SUBQUERY_SCAN, GATHER_MERGE, APPEND, MERGE_APPEND, UNIQUE, GROUP, NESTED_LOOP ->
                true;
            default -> false;
        };
    }

    private Finding finding(Context context, PlanNode scan) {
        var rows = RowsRead.byFilter(scan);
        var impact = Impact.share(context, scan, rows.removedShare());
        String relation = Wording.relation(scan);
        String index = String.valueOf(scan.target().index());
        return new Finding(
                id(),
                impact.severity(),
                scan.path(),
                "For a LIMIT, %s rows of %s were read in the order of %s until %s had passed the filter."
                        .formatted(Wording.count(rows.total()), relation, index, Wording.count(rows.returned())),
                advice(scan),
                impact.millis(),
                Evidence.of(context, impact)
                        .name("relation", relation)
                        .name("index", scan.target().index())
                        .expression("filter", scan.conditions().filter())
                        .count("rowsRead", rows.total())
                        .count("rowsRemoved", rows.removed())
                        .number("removedShare", rows.removedShare())
                        .map());
    }
}
