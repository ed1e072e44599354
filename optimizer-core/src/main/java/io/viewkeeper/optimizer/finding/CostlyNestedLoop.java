// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import java.util.List;

/**
 * A nested loop that repeats its inner side thousands of times and spends much of the statement there. Before:
 *
 * <pre>
 * Nested Loop (actual rows=200000 loops=1)
 *   -&gt; Seq Scan on orders o (actual rows=200000 loops=1)
 *   -&gt; Index Scan using customers_pkey on customers c (actual rows=1 loops=200000)
 * </pre>
 *
 * After:
 *
 * <pre>
 * Hash Join (actual rows=200000 loops=1)
 *   -&gt; Seq Scan on orders o (actual rows=200000 loops=1)
 *   -&gt; Hash (actual rows=5000 loops=1)
 *        -&gt; Seq Scan on customers c (actual rows=5000 loops=1)
 * </pre>
 */
final class CostlyNestedLoop implements Rule {
    static final double LEAST_LOOPS = 1_000;
    static final double LEAST_SHARE = 0.3;

    @Override
    public String id() {
        return "costly-nested-loop";
    }

    @Override
    public List<Finding> check(Context context) {
        // What was only planned is the cheapest that the planner knows.
        if (context.estimated()) {
            return List.of();
        }
        return Loop.of(context)
                .filter(loop -> context.loops(loop.inner()) >= LEAST_LOOPS)
                .filter(loop -> share(context, loop) >= LEAST_SHARE)
                .map(loop -> finding(context, loop))
                .toList();
    }

    private static double share(Context context, Loop loop) {
        double total = context.total();
        return total <= 0 ? 0 : loop.innerAmount(context) / total;
    }

    private Finding finding(Context context, Loop loop) {
        var impact = loop.impact(context);
        double share = share(context, loop);
        String inner = Inputs.of(loop.inner());
        String outer = Inputs.of(loop.outer());
        return new Finding(
                id(),
                impact.severity(),
                loop.join().path(),
                "The inner side of a nested loop, %s, was executed %s times and took %s of the execution."
                        .formatted(inner, Wording.count(context.loops(loop.inner())), Wording.percent(share)),
                ("Review this join: where most of these rows are needed, a hash join reads %s once, so look for what keeps the"
                                + " planner from it (statistics, work_mem, enable_hashjoin). Where few are needed, make the"
                                + " conditions on %s more selective, before the join.")
                        .formatted(inner, outer),
                impact.millis(),
                Evidence.of(context, impact)
                        .name("inner", inner)
                        .name("outer", outer)
                        .count("innerLoops", context.loops(loop.inner()))
                        .number(context.times().known() ? "innerMillis" : "innerCost", loop.innerAmount(context))
                        .number("innerShare", share)
                        .count("outerRowsEstimated", loop.outer().estimatedRows())
                        .count("outerRows", loop.outer().actualRows())
                        .map());
    }
}
