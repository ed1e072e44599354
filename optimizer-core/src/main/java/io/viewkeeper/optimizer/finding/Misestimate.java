// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import io.viewkeeper.optimizer.plan.PlanNode;
import java.util.List;
import java.util.stream.Stream;

/**
 * The planner expected ten times fewer or more rows than there were. Reported once, at the lowest node: what is above was
 * planned upon it.
 *
 * <pre>
 * Nested Loop (cost=… rows=4) (actual … rows=20000)          Hash Join (cost=… rows=19800) (actual … rows=20000)
 *   -> Seq Scan on cities (… rows=4) (… rows=2000)     →       -> Seq Scan on cities (… rows=1990) (… rows=2000)
 *        Filter: ((country = 'x') AND (region = 'y'))          with statistics on (country, region)
 * </pre>
 */
final class Misestimate implements Rule {
    @Override
    public String id() {
        return "misestimate";
    }

    /** A wrong estimate upon which nothing was planned harms nobody. */
    @Override
    public List<Finding> check(Context context) {
        return WrongEstimate.of(context.plan().root()).stream()
                .flatMap(
                        wrong -> Stream.ofNullable(wrong.affected()).map(affected -> finding(context, wrong, affected)))
                .toList();
    }

    private Finding finding(Context context, WrongEstimate wrong, PlanNode affected) {
        var node = wrong.node();
        var actual = node.actual();
        double rows = actual == null ? 0 : actual.rows();
        var impact = Impact.of(context, wrong.harm(context));
        return new Finding(
                id(),
                impact.severity(),
                node.path(),
                "%s returned %s rows where the planner expected %s: %s %s. The %s above was planned upon that."
                        .formatted(
                                name(node),
                                Wording.count(rows),
                                Wording.count(node.estimatedRows()),
                                Wording.times(wrong.factor()),
                                wrong.under() ? "more" : "fewer",
                                affected.typeName()),
                StatisticsAdvice.of(node),
                impact.millis(),
                Evidence.of(context, impact)
                        .name("relation", node.target().relation() == null ? null : Wording.relation(node))
                        .name("nodeType", node.typeName())
                        .number("estimatedRows", node.estimatedRows())
                        .number("actualRows", rows)
                        .number("loops", actual == null ? 0 : actual.loops())
                        .number("factor", wrong.factor())
                        .name("affectedPath", affected.path())
                        .expression("filter", node.conditions().filter())
                        .expression("indexCondition", node.conditions().indexCond())
                        .map());
    }

    private static String name(PlanNode node) {
        return node.target().relation() == null
                ? "The " + node.typeName()
                : "The " + node.typeName() + " on " + Wording.relation(node);
    }
}
