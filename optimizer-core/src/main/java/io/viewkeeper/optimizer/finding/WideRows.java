// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import io.viewkeeper.optimizer.plan.NodeType;
import io.viewkeeper.optimizer.plan.PlanNode;
import java.util.List;

/**
 * Wide rows are copied by a sort, a hash or the like, where a key would do.
 *
 * <pre>
 * Sort (rows=60000 width=1038)                      Sort (rows=60000 width=16)
 *   Sort Key: placed_at                         →     Sort Key: placed_at
 *   -> Seq Scan on letters (rows=60000)               -> Seq Scan on letters (rows=60000)
 * </pre>
 */
final class WideRows implements Rule {
    static final int LEAST_WIDTH_BYTES = 500;
    /** Fewer are copied in no time. */
    static final double LEAST_BYTES = 10 << 20;

    @Override
    public String id() {
        return "wide-rows";
    }

    @Override
    public List<Finding> check(Context context) {
        return context.plan().nodes().stream()
                .filter(node -> keepsRows(node.type()))
                .filter(node -> widthBytes(node) >= LEAST_WIDTH_BYTES && bytes(context, node) >= LEAST_BYTES)
                .map(node -> finding(context, node))
                .toList();
    }

    private static boolean keepsRows(NodeType type) {
        return switch (type) {
            case SORT, INCREMENTAL_SORT, HASH, MATERIALIZE, CTE_SCAN, WINDOW_AGG -> true;
            default -> false;
        };
    }

    private static int widthBytes(PlanNode node) {
        var estimate = node.estimate();
        return estimate == null ? 0 : estimate.widthBytes();
    }

    private static double bytes(Context context, PlanNode node) {
        var input = node.outer();
        double rows = context.rows(input == null ? node : input);
        return rows * widthBytes(node);
    }

    private Finding finding(Context context, PlanNode node) {
        var impact = Impact.exclusive(context, node);
        int columns = node.target().output().size();
        var evidence = Evidence.of(context, impact)
                .name("nodeType", node.typeName())
                .count("widthBytes", widthBytes(node))
                .count("bytes", bytes(context, node))
                .count("columns", columns);
        return new Finding(
                id(),
                impact.severity(),
                node.path(),
                (context.estimated()
                                ? "By the planner's estimate the %s copies rows of about %s bytes, %s in all."
                                : "The %s copied rows of about %s bytes, %s in all.")
                        .formatted(
                                node.typeName(), Wording.count(widthBytes(node)), Wording.size(bytes(context, node))),
                "Select only the columns that are needed; or sort and join the keys alone, and fetch the wide columns of the"
                        + " rows that remain.",
                impact.millis(),
                evidence.map());
    }
}
