// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import io.viewkeeper.optimizer.plan.Detail;
import io.viewkeeper.optimizer.plan.PlanNode;

/** Of a primary key a plan tells only its index's name, which is the server's own unless somebody chose another. */
final class PrimaryKey {
    private static final String SUFFIX = "_pkey";
    /** Rows of one search, and what is dead. */
    private static final double ONE = 1.1;

    private PrimaryKey() {}

    /** Whether a scan asks it for single keys, each of which is one row; a part of a key may be many. */
    static boolean isAsked(PlanNode scan) {
        String index = scan.target().index();
        var condition =
                Comparison.in(scan.conditions().indexCond(), scan.target().alias());
        return index != null
                && index.endsWith(SUFFIX)
                && !condition.isEmpty()
                && condition.stream().allMatch(Comparison::equality)
                && findsOne(scan, condition.size());
    }

    private static boolean findsOne(PlanNode scan, int columns) {
        double rows = RowsRead.byFilter(scan).total();
        Long searches = scan.detail() instanceof Detail.Index found ? found.searches() : null;
        if (searches != null && searches > 0) {
            return rows <= ONE * searches;
        }
        boolean many = Clause.of(scan.conditions().indexCond(), scan.target().alias()).stream()
                .anyMatch(Clause::ofArray);
        var actual = scan.actual();
        return many ? columns == 1 : actual != null && rows <= ONE * actual.loops();
    }
}
