package io.viewkeeper.optimizer.finding;

import io.viewkeeper.optimizer.plan.PlanNode;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A subquery that is executed for each row of the query around it. Before:
 *
 * <pre>
 * Seq Scan on customers c (actual rows=2000 loops=1)
 *   SubPlan 1
 *     -&gt; Aggregate (actual rows=1 loops=2000)
 *          -&gt; Seq Scan on orders o (actual rows=10 loops=2000)
 *               Filter: (o.customer_id = c.id)
 * </pre>
 *
 * After, as a join with a grouped subquery:
 *
 * <pre>
 * Hash Right Join (actual rows=2000 loops=1)
 *   -&gt; HashAggregate (actual rows=2000 loops=1)
 *        -&gt; Seq Scan on orders o (actual rows=20000 loops=1)
 * </pre>
 */
final class CorrelatedSubplan implements Rule {
    static final double LEAST_LOOPS = 1_000;

    @Override
    public String id() {
        return "correlated-subplan";
    }

    @Override
    public List<Finding> check(Context context) {
        if (!context.times().known()) {
            return List.of();
        }
        return context.plan().nodes().stream()
                .filter(node -> "SubPlan".equals(node.placement().parentRelationship()))
                .filter(node -> ExecutedLoop.loops(node) >= LEAST_LOOPS)
                .map(node -> finding(context, node))
                .toList();
    }

    private Finding finding(Context context, PlanNode subplan) {
        var impact = Impact.inclusive(context, subplan);
        double loops = ExecutedLoop.loops(subplan);
        String inputs = Inputs.of(subplan);
        return new Finding(
                id(),
                impact.severity(),
                subplan.path(),
                "%s over %s was executed %s times, once for each row that needs it."
                        .formatted(name(subplan), inputs, Wording.count(loops)),
                advice(subplan, inputs),
                impact.millis(),
                new Evidence()
                        .name("subplan", name(subplan))
                        .name("inputs", inputs)
                        .count("executions", loops)
                        .number("millisEach", context.times().inclusiveMillis(subplan) / loops)
                        .map());
    }

    private static String name(PlanNode subplan) {
        @Nullable String name = subplan.placement().subplanName();
        return name == null ? "A subplan" : name;
    }

    private static String advice(PlanNode subplan, String inputs) {
        String rewrite = "Join with a subquery that reads %s once, grouped by the columns that it is asked for."
                .formatted(inputs);
        Optional<String> index = subplan.selfAndDescendants()
                .flatMap(node -> JoinColumns.indexFor(node).stream())
                .findFirst();
        return index.map(ddl -> rewrite + " If few rows need it, an index is enough: " + ddl + ".")
                .orElse(rewrite);
    }
}
