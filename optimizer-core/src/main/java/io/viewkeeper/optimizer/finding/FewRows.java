// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import io.viewkeeper.optimizer.plan.NodeType;
import io.viewkeeper.optimizer.plan.PlanNode;

/** Whether a scan that was not executed is expected to return a small part of what it reads. */
final class FewRows {
    /** A sequential scan that costs so many times what fetching each returned row by itself would. */
    private static final double LEAST_FETCHES = 4;
    /** An index fetches rows by themselves already: then nine of ten are thrown away. */
    private static final double LEAST_FETCHES_BY_INDEX = 10;

    private FewRows() {}

    /** By the catalog's count of rows, else by cost. */
    static boolean expected(Context context, PlanNode scan) {
        double rows = scan.estimatedRows();
        var facts = context.tableOf(scan);
        if (facts != null && facts.rows() > 0) {
            return facts.rows() - rows >= RowsRead.MANY && rows <= (1 - RowsRead.MOST) * facts.rows();
        }
        return byCost(context, scan);
    }

    static boolean byCost(Context context, PlanNode scan) {
        double fetches = scan.type() == NodeType.SEQ_SCAN ? LEAST_FETCHES : LEAST_FETCHES_BY_INDEX;
        double fetch = Settings.number(context, "random_page_cost", 4);
        double cost = TableSize.ownCost(context, scan);
        return cost > 0 && cost >= fetches * fetch * Math.max(1, scan.estimatedRows());
    }
}
