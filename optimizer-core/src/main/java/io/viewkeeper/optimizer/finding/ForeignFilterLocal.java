// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import io.viewkeeper.optimizer.plan.Detail;
import io.viewkeeper.optimizer.plan.NodeType;
import io.viewkeeper.optimizer.plan.PlanNode;
import java.util.List;

/**
 * A foreign table whose rows are fetched to be thrown away here. Before:
 *
 * <pre>
 * Foreign Scan on orders (actual rows=20 loops=1)
 *   Filter: (our_status(status) = ?)
 *   Rows Removed by Filter: 99980
 *   Remote SQL: SELECT id, status FROM public.orders
 * </pre>
 *
 * After, with a condition that the other server knows:
 *
 * <pre>
 * Foreign Scan on orders (actual rows=20 loops=1)
 *   Remote SQL: SELECT id, status FROM public.orders WHERE ((status = ?))
 * </pre>
 */
final class ForeignFilterLocal implements Rule {
    static final double LEAST_REMOVED = 1_000;
    static final double LEAST_SHARE = 0.9;

    @Override
    public String id() {
        return "foreign-filter-local";
    }

    @Override
    public List<Finding> check(Context context) {
        return context.plan().nodes().stream()
                .filter(node -> node.type() == NodeType.FOREIGN_SCAN)
                .filter(node -> removed(node) >= LEAST_REMOVED && share(node) >= LEAST_SHARE)
                .map(node -> finding(context, node))
                .toList();
    }

    private static double removed(PlanNode scan) {
        return scan.removals().byFilter() * loops(scan);
    }

    private static double loops(PlanNode scan) {
        var actual = scan.actual();
        return actual == null ? 0 : actual.loops();
    }

    private static double share(PlanNode scan) {
        return removed(scan) / (removed(scan) + scan.actualRows());
    }

    private Finding finding(Context context, PlanNode scan) {
        var impact = Impact.of(context, context.inclusive(scan) * share(scan));
        String relation = Wording.relation(scan);
        boolean remote = scan.detail() instanceof Detail.Foreign foreign && foreign.remoteSql() != null;
        return new Finding(
                id(),
                impact.severity(),
                scan.path(),
                "%s rows of the foreign table %s were fetched and %s of them thrown away here."
                        .formatted(
                                Wording.count(removed(scan) + scan.actualRows()),
                                relation,
                                Wording.percent(share(scan))),
                advice(remote, relation),
                impact.millis(),
                Evidence.of(context, impact)
                        .name("relation", relation)
                        .count("rowsRemoved", removed(scan))
                        .count("rowsKept", scan.actualRows())
                        .number("removedShare", share(scan))
                        .expression("filter", scan.conditions().filter())
                        .flag("sendsSql", remote)
                        .map());
    }

    private static String advice(boolean remote, String relation) {
        if (remote) {
            return "Write the filter with built-in, immutable functions and operators, or name the extension that both servers have in"
                    + " the server's option \"extensions\": then it is sent along.";
        }
        return "Its wrapper cannot filter at the source: keep the rows of %s in a table or a materialized view with an index."
                .formatted(relation);
    }
}
