// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import io.viewkeeper.optimizer.plan.Estimate;
import io.viewkeeper.optimizer.plan.NodeType;
import io.viewkeeper.optimizer.plan.PlanNode;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * NOT IN (SELECT …) that could not be hashed, so that each row is compared with the whole result of the subquery, one after
 * the other. Before:
 *
 * <pre>
 * Seq Scan on customers c
 *   Filter: (NOT (ANY (c.id = (SubPlan 1).col1)))
 *   SubPlan 1
 *     -&gt; Materialize (actual rows=100000 loops=5000)
 * </pre>
 *
 * After, as NOT EXISTS:
 *
 * <pre>
 * Hash Right Anti Join
 *   Hash Cond: (o.customer_id = c.id)
 * </pre>
 */
final class NotInUnhashed implements Rule {
    /** Of 17 and newer, up to the first subplan after NOT; a hashed one is written (hashed SubPlan 1). */
    private static final Pattern SINCE_17 =
            Pattern.compile("NOT \\((?:ANY|ALL) \\((?:(?!SubPlan).)*\\(SubPlan (\\d+)\\)\\.col", Pattern.DOTALL);

    /** Of 16 and older, where NOT EXISTS is written alike. */
    private static final Pattern UNTIL_16 = Pattern.compile("NOT \\(SubPlan (\\d+)\\)");

    /** What the server adds to the width of each row when it guesses the size of a hash table (subselect.c). */
    private static final int ROW_HEADER_BYTES = 24;

    private static final int ALIGNMENT_BYTES = 8;

    @Override
    public String id() {
        return "not-in-unhashed";
    }

    @Override
    public List<Finding> check(Context context) {
        return context.plan().nodes().stream()
                .flatMap(node -> node.children().stream()
                        .filter(child -> "SubPlan".equals(child.placement().parentRelationship()))
                        .filter(child -> isUnhashedNotIn(node, child))
                        .map(child -> finding(context, node, child)))
                .toList();
    }

    private static boolean isUnhashedNotIn(PlanNode node, PlanNode subplan) {
        String name = subplan.placement().subplanName();
        if (name == null) {
            return false;
        }
        return expressions(node)
                .anyMatch(expression -> names(SINCE_17, expression, name)
                        // What does not depend on the row is kept for the next one; a NOT EXISTS like that is no
                        // subplan.
                        || (names(UNTIL_16, expression, name) && subplan.type() == NodeType.MATERIALIZE));
    }

    private static Stream<String> expressions(PlanNode node) {
        var conditions = node.conditions();
        return Stream.concat(
                        Stream.of(conditions.filter(), conditions.joinFilter(), conditions.oneTimeFilter()),
                        node.target().output().stream())
                .filter(Objects::nonNull);
    }

    private static boolean names(Pattern pattern, String expression, String subplan) {
        return pattern.matcher(expression).results().anyMatch(found -> subplan.equals("SubPlan " + found.group(1)));
    }

    private Finding finding(Context context, PlanNode node, PlanNode subplan) {
        var impact = impact(context, node, subplan);
        String inputs = Inputs.of(subplan);
        double needed = workMemBytes(context, subplan.estimate());
        return new Finding(
                id(),
                impact.severity(),
                node.path(),
                "NOT IN over %s could not be hashed: each row is compared with up to %s rows, one after the other%s."
                        .formatted(
                                inputs,
                                Wording.count(rows(subplan)),
                                context.estimated() ? ", by the planner's estimate" : ""),
                "Write NOT EXISTS, which can be an anti join (it differs from NOT IN only where NULL is compared, on either side). "
                        + (Memory.sensible(needed)
                                ? "To keep NOT IN, a work_mem above %s lets the planner hash it."
                                        .formatted(Wording.size(needed))
                                : "More memory is no remedy: hashing it would take a work_mem of %s."
                                        .formatted(Wording.size(needed))),
                impact.millis(),
                Evidence.of(context, impact)
                        .name("subplan", subplan.placement().subplanName())
                        .name("inputs", inputs)
                        .count("subplanRows", rows(subplan))
                        .count("executions", context.loops(subplan))
                        .count("workMemNeededBytes", needed)
                        .map());
    }

    /** The subplan hands rows over, the comparing is the node's own. */
    private static Impact impact(Context context, PlanNode node, PlanNode subplan) {
        double millis = context.exclusive(node) + context.inclusive(subplan);
        return Impact.of(context, Math.min(millis, context.inclusive(node)));
    }

    private static double rows(PlanNode subplan) {
        return subplan.selfAndDescendants()
                .mapToDouble(node -> {
                    var actual = node.actual();
                    return actual == null ? node.estimatedRows() : actual.rows();
                })
                .limit(2)
                .max()
                .orElse(0);
    }

    private static double workMemBytes(Context context, @Nullable Estimate estimate) {
        if (estimate == null) {
            return context.server().workMemBytes();
        }
        int aligned = (estimate.widthBytes() + ALIGNMENT_BYTES - 1) / ALIGNMENT_BYTES * ALIGNMENT_BYTES;
        return estimate.rows() * (aligned + ROW_HEADER_BYTES) / Memory.hashMultiplier(context);
    }
}
