// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import io.viewkeeper.optimizer.plan.NodeType;
import io.viewkeeper.optimizer.plan.PlanNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A table that is read whole again and again on the inner side of a nested loop. Before:
 *
 * <pre>
 * Nested Loop Left Join (actual rows=200 loops=1)
 *   -&gt; Seq Scan on customers c (actual rows=200 loops=1)
 *   -&gt; Limit (actual rows=1 loops=200)
 *        -&gt; Seq Scan on orders o (actual rows=1 loops=200)
 *             Filter: (o.customer_id = c.id)
 * </pre>
 *
 * After {@code create index on orders (customer_id)}:
 *
 * <pre>
 *        -&gt; Index Scan using orders_customer_id_idx on orders o (actual rows=1 loops=200)
 *             Index Cond: (o.customer_id = c.id)
 * </pre>
 */
final class InnerSeqScan implements Rule {
    static final double LEAST_SCANS = 10;

    @Override
    public String id() {
        return "inner-seq-scan";
    }

    @Override
    public List<Finding> check(Context context) {
        var findings = new LinkedHashMap<String, Finding>();
        Loop.of(context).forEach(loop -> repeated(context, loop, findings));
        return List.copyOf(findings.values());
    }

    /** A scan below two loops is told once, of the outer one. */
    private void repeated(Context context, Loop loop, Map<String, Finding> findings) {
        double joins = context.loops(loop.join());
        loop.inner()
                .selfAndDescendants()
                .filter(node -> node.type() == NodeType.SEQ_SCAN)
                .filter(scan -> context.loops(scan) >= LEAST_SCANS * joins)
                .forEach(scan -> findings.computeIfAbsent(scan.path(), path -> finding(context, scan)));
    }

    private static String advice(Context context, PlanNode scan, String relation) {
        var facts = context.tableOf(scan);
        if (facts != null && facts.sizeBytes() < context.server().blockSizeBytes() * 2L) {
            return "The table is too small for an index: write the join so that it compares equal columns and can be hashed, or make the outer side return fewer rows.";
        }
        boolean byTurn = Clause.of(scan.conditions().filter(), scan.target().alias()).stream()
                .anyMatch(clause -> clause.form() == Clause.Form.COMPARED && clause.dependsOnOthers());
        String index = byTurn ? IndexAdvice.of(scan).ddl() : null;
        return index == null
                ? "Index the columns of %s that the join compares, or write the join so that it compares equal columns and can be hashed."
                        .formatted(relation)
                : "An index lets each turn read only its own rows: " + index + ".";
    }

    private Finding finding(Context context, PlanNode scan) {
        var impact = Impact.inclusive(context, scan);
        double loops = context.loops(scan);
        String relation = Wording.relation(scan);
        return new Finding(
                id(),
                impact.severity(),
                scan.path(),
                (context.estimated()
                                ? "By the planner's estimate %s is read whole %s times on the inner side of a nested loop."
                                : "%s was read whole %s times on the inner side of a nested loop.")
                        .formatted(relation, Wording.count(loops)),
                advice(context, scan, relation),
                impact.millis(),
                Evidence.of(context, impact)
                        .name("relation", relation)
                        .count("scans", loops)
                        .count("rowsRead", (scan.removals().byFilter() * loops) + context.rows(scan))
                        .count("rowsKept", context.rows(scan))
                        .expression("filter", scan.conditions().filter())
                        .map());
    }
}
