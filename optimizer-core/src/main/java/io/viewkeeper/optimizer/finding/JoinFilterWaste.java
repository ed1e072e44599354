// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import io.viewkeeper.optimizer.plan.NodeType;
import io.viewkeeper.optimizer.plan.PlanNode;
import java.util.List;

/**
 * A join that pairs many rows and throws nearly all pairs away. Before:
 *
 * <pre>
 * Nested Loop (actual rows=2000 loops=1)
 *   Join Filter: (e.at &gt;= p.starts AND e.at &lt; p.ends)
 *   Rows Removed by Join Filter: 1998000
 * </pre>
 *
 * After an index on the range, with a condition that can use it:
 *
 * <pre>
 * Nested Loop (actual rows=2000 loops=1)
 *   -&gt; Seq Scan on events e
 *   -&gt; Index Scan using periods_range on periods p
 *        Index Cond: (range @&gt; e.at)
 * </pre>
 */
final class JoinFilterWaste implements Rule {
    static final double LEAST_REMOVED = 10_000;
    /** Where nobody counted, it takes more to be sure. */
    static final double LEAST_EXPECTED = 1_000_000;

    static final double LEAST_SHARE = 0.9;

    @Override
    public String id() {
        return "join-filter-waste";
    }

    @Override
    public List<Finding> check(Context context) {
        return context.plan().nodes().stream()
                .filter(node -> removed(context, node) >= (context.estimated() ? LEAST_EXPECTED : LEAST_REMOVED))
                .filter(node -> share(context, node) >= LEAST_SHARE)
                // Told with better advice.
                .filter(node -> !OrAcrossTables.sees(context, node))
                .map(node -> finding(context, node))
                .toList();
    }

    private static double removed(Context context, PlanNode join) {
        if (!context.estimated()) {
            return join.removals().byJoinFilter() * context.loops(join);
        }
        var outer = join.outer();
        var inner = join.inner();
        boolean pairs = join.type() == NodeType.NESTED_LOOP && join.conditions().joinFilter() != null;
        return pairs && outer != null && inner != null
                ? Math.max(0, outer.estimatedRows() * inner.estimatedRows() - join.estimatedRows())
                        * context.loops(join)
                : 0;
    }

    private static double share(Context context, PlanNode join) {
        return removed(context, join) / (removed(context, join) + context.rows(join));
    }

    private Finding finding(Context context, PlanNode join) {
        var impact = impact(context, join);
        return new Finding(
                id(),
                impact.severity(),
                join.path(),
                (context.estimated()
                                ? "By the planner's estimate a %s pairs rows of %s and throws %s of the pairs away by its join filter, %s in all."
                                : "A %s paired rows of %s and threw %s of the pairs away by its join filter, %s in all.")
                        .formatted(
                                join.typeName(),
                                Inputs.of(join),
                                Wording.percent(share(context, join)),
                                Wording.count(removed(context, join))),
                advice(join),
                impact.millis(),
                Evidence.of(context, impact)
                        .name("inputs", Inputs.of(join))
                        .count("pairsRemoved", removed(context, join))
                        .count("pairsKept", context.rows(join))
                        .number("removedShare", share(context, join))
                        .expression("joinFilter", join.conditions().joinFilter())
                        .map());
    }

    /** Only a nested loop reads a side again for each pair. */
    private static Impact impact(Context context, PlanNode join) {
        PlanNode inner = join.inner();
        double own = context.exclusive(join);
        double repeated = join.type() == NodeType.NESTED_LOOP && inner != null ? context.inclusive(inner) : 0;
        return Impact.of(context, Math.min(own + repeated, context.inclusive(join)));
    }

    private static String advice(PlanNode join) {
        if (join.type() == NodeType.NESTED_LOOP) {
            return "Give the join an equality of bare columns of one type, which can be hashed, or an index that can find the"
                    + " matching rows of the inner side (for ranges: GiST over a range column, asked with @>).";
        }
        return "The columns that this join matches by are shared by many rows: move what the join filter compares into the"
                + " equality, or reduce one side before the join.";
    }
}
