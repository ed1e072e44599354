// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import io.viewkeeper.optimizer.plan.NodeType;
import io.viewkeeper.optimizer.plan.PlanNode;
import java.util.List;
import java.util.stream.Stream;
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
    static final double LEAST_SCANS = 10;

    @Override
    public String id() {
        return "correlated-subplan";
    }

    @Override
    public List<Finding> check(Context context) {
        return context.plan().nodes().stream()
                .filter(node -> "SubPlan".equals(node.placement().parentRelationship()))
                .filter(node -> isRepeated(context, node))
                // What does not depend on the row is kept, and told elsewhere.
                .filter(node -> node.type() != NodeType.MATERIALIZE)
                .map(node -> finding(context, node))
                .toList();
    }

    /** Whether it reads a whole table for what a column of the query around it is compared with. */
    private static boolean asksForTheRow(PlanNode node) {
        String filter = node.conditions().filter();
        return node.type() == NodeType.SEQ_SCAN
                && filter != null
                && JoinColumns.aliases(filter).stream()
                        .anyMatch(alias -> !alias.equals(node.target().alias()));
    }

    /** A thousand times by any way, a few times by reading a table from end to end. */
    private static boolean isRepeated(Context context, PlanNode subplan) {
        double loops = context.loops(subplan);
        boolean reads = subplan.selfAndDescendants().anyMatch(node -> node.type() == NodeType.SEQ_SCAN);
        return loops >= LEAST_LOOPS || (reads && loops >= LEAST_SCANS);
    }

    private Finding finding(Context context, PlanNode subplan) {
        var impact = Impact.inclusive(context, subplan);
        double loops = context.loops(subplan);
        String inputs = Inputs.of(subplan);
        return new Finding(
                id(),
                impact.severity(),
                subplan.path(),
                (context.estimated()
                                ? "By the planner's estimate %s over %s is executed %s times, once for each row that needs it."
                                : "%s over %s was executed %s times, once for each row that needs it.")
                        .formatted(name(subplan), inputs, Wording.count(loops)),
                advice(subplan, inputs),
                impact.millis(),
                Evidence.of(context, impact)
                        .name("subplan", name(subplan))
                        .name("inputs", inputs)
                        .count(context.estimated() ? "estimatedExecutions" : "executions", loops)
                        .number(context.times().known() ? "millisEach" : "costEach", context.inclusive(subplan) / loops)
                        .map());
    }

    private static String name(PlanNode subplan) {
        @Nullable String name = subplan.placement().subplanName();
        return name == null ? "A subplan" : name;
    }

    /** Whether columns of the query around it are compared, and none of them by =. */
    private static boolean asksByOther(PlanNode subplan) {
        var asking = subplan.selfAndDescendants()
                .flatMap(node -> Stream.of(
                                node.conditions().indexCond(),
                                node.conditions().recheckCond(),
                                node.conditions().filter())
                        .flatMap(condition -> Clause.of(condition, node.target().alias()).stream()))
                .filter(clause -> DdlText.mentionsOthers(clause.tokens(), clause.alias()))
                .toList();
        return asking.stream().anyMatch(clause -> clause.form() == Clause.Form.COMPARED)
                && asking.stream().noneMatch(clause -> clause.hasSign("="));
    }

    private static String advice(PlanNode subplan, String inputs) {
        String rewrite = "Join with a subquery that reads %s once, grouped by the columns that it is asked for."
                .formatted(inputs);
        List<String> indexes = subplan.selfAndDescendants()
                .filter(CorrelatedSubplan::asksForTheRow)
                .flatMap(node -> Stream.ofNullable(IndexAdvice.of(node).ddl()))
                .distinct()
                .toList();
        if (asksByOther(subplan)) {
            return "It is asked by less or greater, and cannot be grouped and joined: "
                    + (indexes.isEmpty()
                            ? "let an index find the rows of each execution, or compute all at once with window functions."
                            : "an index lets each execution read only its rows: " + Wording.statements(indexes) + ".");
        }
        return switch (indexes.size()) {
            case 0 -> rewrite;
            case 1 -> rewrite + " If few rows need it, an index is enough: " + indexes.getFirst() + ".";
            // Partitions, mostly: each is read for each row.
            default ->
                rewrite + " If few rows need it, an index on each table is enough: " + Wording.statements(indexes)
                        + ".";
        };
    }
}
