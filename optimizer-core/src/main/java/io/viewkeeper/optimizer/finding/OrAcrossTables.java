// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import io.viewkeeper.optimizer.plan.NodeType;
import io.viewkeeper.optimizer.plan.PlanNode;
import io.viewkeeper.schema.sql.SqlLexer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A join whose only condition is an OR over columns of two tables: neither hash nor merge join can do that, so all pairs are
 * compared. Before:
 *
 * <pre>
 * Nested Loop (actual rows=4000 loops=1)
 *   Join Filter: ((c.email = l.email) OR (c.phone = l.phone))
 *   Rows Removed by Join Filter: 3996000
 * </pre>
 *
 * After, as a UNION of two joins:
 *
 * <pre>
 * HashAggregate
 *   -&gt; Append
 *        -&gt; Hash Join
 *             Hash Cond: (c.email = l.email)
 *        -&gt; Hash Join
 *             Hash Cond: (c.phone = l.phone)
 * </pre>
 */
final class OrAcrossTables implements Rule {
    static final double LEAST_PAIRS = 10_000;

    @Override
    public String id() {
        return "or-across-tables";
    }

    @Override
    public List<Finding> check(Context context) {
        return context.plan().nodes().stream()
                .filter(node -> sees(context, node))
                .map(node -> finding(context, node))
                .toList();
    }

    static boolean sees(Context context, PlanNode join) {
        return join.type() == NodeType.NESTED_LOOP
                && hasOrAcross(join.conditions().joinFilter())
                && !looksUp(join)
                && pairs(context, join) >= LEAST_PAIRS;
    }

    private static boolean hasOrAcross(@Nullable String joinFilter) {
        return joinFilter != null
                && SqlLexer.meaning(joinFilter).stream().anyMatch(token -> token.isWord("or"))
                && JoinColumns.aliases(joinFilter).size() >= 2;
    }

    /** An inner side that is found by an index does not pair everything with everything. */
    private static boolean looksUp(PlanNode join) {
        PlanNode inner = join.inner();
        return inner != null
                && inner.selfAndDescendants().anyMatch(node -> node.conditions().indexCond() != null);
    }

    /** As measured; of a plan that was not executed, as expected. */
    private static double pairs(Context context, PlanNode join) {
        if (join.actual() != null) {
            return join.removals().byJoinFilter() * context.loops(join) + join.actualRows();
        }
        PlanNode outer = join.outer();
        PlanNode inner = join.inner();
        return outer == null || inner == null ? 0 : outer.estimatedRows() * inner.estimatedRows() * context.loops(join);
    }

    private Finding finding(Context context, PlanNode join) {
        var impact = impact(context, join);
        String inputs = Inputs.of(join);
        return new Finding(
                id(),
                impact.severity(),
                join.path(),
                "An OR over columns of both sides joins %s: neither hash nor merge join can do that, so %s pairs are compared%s."
                        .formatted(
                                inputs,
                                Wording.count(pairs(context, join)),
                                context.estimated() ? ", by the planner's estimate" : ""),
                "Write one join for each arm of the OR and bring them together by UNION (by UNION ALL where no pair can match twice): each can then be hashed or use an index. UNION drops equal rows, so select a key of both.",
                impact.millis(),
                Evidence.of(context, impact)
                        .name("inputs", inputs)
                        .count("pairs", pairs(context, join))
                        .count("rows", context.rows(join))
                        .expression("joinFilter", join.conditions().joinFilter())
                        .map());
    }

    private static Impact impact(Context context, PlanNode join) {
        PlanNode inner = join.inner();
        double repeated = inner == null ? 0 : context.inclusive(inner);
        double own = context.exclusive(join);
        return Impact.of(context, Math.min(own + repeated, context.inclusive(join)));
    }
}
