// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import io.viewkeeper.optimizer.plan.PlanNode;

/** How large a table is that a plan reads from end to end. */
final class TableSize {
    /** Of each row: its header and its pointer in the page, and a column. */
    private static final int LEAST_ROW_BYTES = 32;
    /** Header and pointer. */
    private static final int ROW_HEADER_BYTES = 28;
    /** cpu_tuple_cost and one cpu_operator_cost. */
    private static final double COST_PER_ROW = 0.0125;
    /** Of a scan's cost that is for its pages, where its rows are small and many and nobody counted them. */
    private static final double LEAST_PAGES_SHARE = 0.25;

    private TableSize() {}

    /** By the catalog; else by the blocks that one reading touched; else by the planner's cost and the rows that were read. */
    static double bytes(Context context, PlanNode scan) {
        var facts = context.tableOf(scan);
        if (facts != null && facts.sizeBytes() > 0) {
            return facts.sizeBytes();
        }
        double block = context.server().blockSizeBytes();
        if (scan.buffers() != null && scan.executed()) {
            return OwnBlocks.of(scan).touched() / readings(scan) * block;
        }
        double cost = ownCost(context, scan);
        if (context.estimated()) {
            return cost * LEAST_PAGES_SHARE / pageCost(context) * block;
        }
        double rows = RowsRead.byFilter(scan).total() / readings(scan);
        double pages = Math.max(0, cost - rows * COST_PER_ROW) / pageCost(context);
        return Math.max(pages * block, rows * rowBytes(scan));
    }

    /** Of one loop, without that of subqueries in its filter. */
    static double ownCost(Context context, PlanNode scan) {
        double cost = context.costs().cost(scan);
        return scan.children().isEmpty()
                ? cost
                : Math.min(cost, context.costs().exclusive(scan) / Math.max(1, context.loops(scan)));
    }

    /** Processes share one reading of a table, loops of a join repeat it. */
    private static double readings(PlanNode scan) {
        var actual = scan.actual();
        return actual == null || scan.placement().parallelAware() ? 1 : Math.max(1, actual.loops());
    }

    private static double rowBytes(PlanNode scan) {
        var estimate = scan.estimate();
        return Math.max(LEAST_ROW_BYTES, ROW_HEADER_BYTES + (estimate == null ? 0 : estimate.widthBytes()));
    }

    private static double pageCost(Context context) {
        return Settings.number(context, "seq_page_cost", 1);
    }
}
