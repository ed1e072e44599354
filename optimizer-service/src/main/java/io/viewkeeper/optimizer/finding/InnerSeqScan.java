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
        ExecutedLoop.of(context).forEach(loop -> repeated(context, loop, findings));
        return List.copyOf(findings.values());
    }

    /** A scan below two loops is told once, of the outer one. */
    private void repeated(Context context, ExecutedLoop loop, Map<String, Finding> findings) {
        double joins = ExecutedLoop.loops(loop.join());
        loop.inner()
                .selfAndDescendants()
                .filter(node -> node.type() == NodeType.SEQ_SCAN)
                .filter(scan -> ExecutedLoop.loops(scan) >= LEAST_SCANS * joins)
                .forEach(scan -> findings.computeIfAbsent(scan.path(), path -> finding(context, scan)));
    }

    private Finding finding(Context context, PlanNode scan) {
        var impact = Impact.inclusive(context, scan);
        double loops = ExecutedLoop.loops(scan);
        String relation = Wording.relation(scan);
        return new Finding(
                id(),
                impact.severity(),
                scan.path(),
                "%s was read whole %s times on the inner side of a nested loop."
                        .formatted(relation, Wording.count(loops)),
                JoinColumns.indexFor(scan)
                        .map(index -> "An index lets each turn read only its own rows: " + index + ".")
                        .orElse(
                                "Index the columns of %s that the join compares, or write the join so that it compares equal columns and can be hashed."
                                        .formatted(relation)),
                impact.millis(),
                new Evidence()
                        .name("relation", relation)
                        .count("scans", loops)
                        .count("rowsRead", (scan.removals().byFilter() * loops) + scan.actualRows())
                        .count("rowsKept", scan.actualRows())
                        .expression("filter", scan.conditions().filter())
                        .map());
    }
}
