// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import io.viewkeeper.optimizer.plan.Detail;
import io.viewkeeper.optimizer.plan.NodeTexts;
import io.viewkeeper.optimizer.plan.PlanNode;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Each row of one side is joined with each row of the other: no condition is between them. Before:
 *
 * <pre>
 * Nested Loop (actual rows=2000000 loops=1)
 *   -&gt; Seq Scan on orders o (actual rows=2000 loops=1)
 *   -&gt; Materialize (actual rows=1000 loops=2000)
 *        -&gt; Seq Scan on customers c (actual rows=1000 loops=1)
 * </pre>
 *
 * After, with the condition that was forgotten:
 *
 * <pre>
 * Hash Join (actual rows=2000 loops=1)
 *   Hash Cond: (o.customer_id = c.id)
 * </pre>
 */
final class JoinWithoutCondition implements Rule {
    static final double LEAST_PAIRS = 100_000;

    @Override
    public String id() {
        return "join-without-condition";
    }

    @Override
    public List<Finding> check(Context context) {
        return Loop.of(context)
                .filter(loop -> pairsAll(loop.join()))
                .filter(loop -> context.rowsOfLoop(loop.outer()) > 1 && context.rowsOfLoop(loop.inner()) > 1)
                .filter(loop -> loop.pairs(context) >= LEAST_PAIRS)
                .filter(loop -> independent(loop.inner()))
                .map(loop -> finding(context, loop))
                .toList();
    }

    private static boolean pairsAll(PlanNode join) {
        return join.conditions().joinFilter() == null
                && join.detail() instanceof Detail.Join how
                && Set.of("Inner", "Left").contains(how.joinType());
    }

    /** Whether the inner side is the same for each outer row: it reads relations, and names no column of another. */
    private static boolean independent(PlanNode inner) {
        var nodes = inner.selfAndDescendants().toList();
        var aliases = nodes.stream()
                .map(node -> node.target().alias())
                .filter(alias -> alias != null)
                .collect(Collectors.toSet());
        boolean reads = nodes.stream()
                .filter(node -> node.children().isEmpty())
                .allMatch(leaf ->
                        leaf.target().relation() != null || leaf.target().cte() != null);
        return reads
                && nodes.stream()
                        .flatMap(NodeTexts::of)
                        .flatMap(condition -> JoinColumns.aliases(condition).stream())
                        .allMatch(aliases::contains);
    }

    /** Whatever reads its rows has too many: the nodes above, for themselves. */
    private static double readingAll(Context context, Loop loop) {
        String path = loop.join().path();
        double above = context.plan().nodes().stream()
                .filter(node -> path.startsWith(node.path() + "."))
                .mapToDouble(context::exclusive)
                .sum();
        return above + context.inclusive(loop.join()) - context.inclusive(loop.outer());
    }

    private Finding finding(Context context, Loop loop) {
        var impact = Impact.of(context, Math.min(context.total(), readingAll(context, loop)));
        String inputs = Inputs.of(loop.join());
        return new Finding(
                id(),
                impact.severity(),
                loop.join().path(),
                (context.estimated()
                                ? "By the planner's estimate %s rows are joined with %s each, without a condition between them: %s pairs (%s)."
                                : "%s rows were joined with %s each, without a condition between them: %s pairs (%s).")
                        .formatted(
                                Wording.count(context.rowsOfLoop(loop.outer())),
                                Wording.count(context.rowsOfLoop(loop.inner())),
                                Wording.count(loop.pairs(context)),
                                inputs),
                "Look for the join condition that is missing in the statement. If none is, since both sides are held to one value, group or limit each side before it is joined.",
                impact.millis(),
                Evidence.of(context, impact)
                        .name("inputs", inputs)
                        .count("pairs", loop.pairs(context))
                        .count("outerRows", context.rowsOfLoop(loop.outer()))
                        .count("innerRows", context.rowsOfLoop(loop.inner()))
                        .name("affectedPath", context.plan().root().path())
                        .map());
    }
}
