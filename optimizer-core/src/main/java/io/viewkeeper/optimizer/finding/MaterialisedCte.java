// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import io.viewkeeper.optimizer.plan.NodeType;
import io.viewkeeper.optimizer.plan.PlanNode;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A CTE that was computed whole although the query needs little of it. Before:
 *
 * <pre>
 * CTE Scan on totals (actual rows=1 loops=1)
 *   Filter: (customer_id = ?)
 *   Rows Removed by Filter: 19999
 *   CTE totals
 *     -&gt; HashAggregate (actual rows=20000 loops=1)
 * </pre>
 *
 * After {@code with totals as not materialized (...)}:
 *
 * <pre>
 * GroupAggregate (actual rows=1 loops=1)
 *   -&gt; Index Scan using orders_customer_id_idx on orders
 *        Index Cond: (customer_id = ?)
 * </pre>
 */
final class MaterialisedCte implements Rule {
    static final double LEAST_ROWS = 1_000;
    /** Of a CTE that is read once: nothing else profits from what it keeps. */
    static final double LEAST_SHARE_ONCE = 0.5;

    static final double LEAST_SHARE = 0.9;

    @Override
    public String id() {
        return "materialised-cte";
    }

    @Override
    public List<Finding> check(Context context) {
        return context.plan().nodes().stream()
                .flatMap(node -> Cte.under(node).stream())
                .filter(cte -> context.rows(cte.plan()) >= LEAST_ROWS)
                .filter(cte ->
                        cte.leastRemovedShare(context) >= (cte.scans().size() == 1 ? LEAST_SHARE_ONCE : LEAST_SHARE))
                .map(cte -> finding(context, cte))
                .toList();
    }

    /** Not what is recursive, changes data or locks rows. What calls a volatile function cannot either, but shows it nowhere. */
    static boolean mayBeWrittenIntoTheQuery(PlanNode cte) {
        return cte.type() != NodeType.RECURSIVE_UNION
                && cte.type() != NodeType.MODIFY_TABLE
                && cte.type() != NodeType.LOCK_ROWS;
    }

    /** A CTE that can be written into the query. */
    private record Cte(String name, PlanNode plan, List<PlanNode> scans) {
        private static final String PREFIX = "CTE ";

        static List<Cte> under(PlanNode parent) {
            var plans = parent.children().stream().filter(Cte::isOne).toList();
            if (plans.isEmpty()) {
                return List.of();
            }
            var scans = parent.selfAndDescendants()
                    .filter(node -> node.target().cte() != null)
                    .collect(Collectors.groupingBy(
                            node -> String.valueOf(node.target().cte())));
            return plans.stream()
                    .map(plan -> new Cte(nameOf(plan), plan, scans.getOrDefault(nameOf(plan), List.of())))
                    .filter(cte -> !cte.scans().isEmpty())
                    .toList();
        }

        private static boolean isOne(PlanNode plan) {
            String subplan = plan.placement().subplanName();
            return subplan != null && subplan.startsWith(PREFIX) && mayBeWrittenIntoTheQuery(plan);
        }

        private static String nameOf(PlanNode plan) {
            return String.valueOf(plan.placement().subplanName()).substring(PREFIX.length());
        }

        /** By the scan that keeps most: what the others leave out, it may need. */
        double leastRemovedShare(Context context) {
            return scans.stream()
                    .mapToDouble(scan -> context.estimated() ? expectedShare(scan) : removedShare(scan))
                    .min()
                    .orElse(0);
        }

        private double expectedShare(PlanNode scan) {
            boolean filtered = scan.conditions().filter() != null && plan.estimatedRows() > 0;
            return filtered ? Math.max(0, 1 - scan.estimatedRows() / plan.estimatedRows()) : 0;
        }

        private static double removedShare(PlanNode scan) {
            var actual = scan.actual();
            double kept = actual == null ? 0 : actual.rows();
            double removed = scan.removals().byFilter();
            return removed <= 0 ? 0 : removed / (removed + kept);
        }
    }

    private Finding finding(Context context, Cte cte) {
        double share = cte.leastRemovedShare(context);
        var impact = Impact.of(context, context.inclusive(cte.plan()) * share);
        String filters = String.join(
                "; ", cte.scans().stream().flatMap(scan -> filter(scan)).toList());
        return new Finding(
                id(),
                impact.severity(),
                cte.plan().path(),
                (context.estimated()
                                ? "By the planner's estimate the CTE %s is computed whole (%s rows of %s), and at least %s of it is thrown away where it is read."
                                : "The CTE %s was computed whole (%s rows of %s), and at least %s of it was thrown away where it is read.")
                        .formatted(
                                cte.name(),
                                Wording.count(context.rows(cte.plan())),
                                Inputs.of(cte.plan()),
                                Wording.leastPercent(share)),
                "Write %s as not materialized (...), so that the filter reaches the tables inside (without effect where it calls a volatile function), or put the filter into the CTE."
                        .formatted(Wording.quoted(cte.name())),
                impact.millis(),
                Evidence.of(context, impact)
                        .name("cte", cte.name())
                        .count("rows", context.rows(cte.plan()))
                        .count("scans", cte.scans().size())
                        .number("leastRemovedShare", share)
                        .expression("filter", filters)
                        .map());
    }

    private static Stream<String> filter(PlanNode scan) {
        return Stream.ofNullable(scan.conditions().filter());
    }
}
