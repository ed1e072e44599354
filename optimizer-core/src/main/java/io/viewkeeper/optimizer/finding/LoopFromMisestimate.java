// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A nested loop that was chosen for a few outer rows and got many. Before:
 *
 * <pre>
 * Nested Loop (rows=5) (actual rows=20000 loops=1)
 *   -&gt; Seq Scan on addresses a (rows=5) (actual rows=20000 loops=1)
 *        Filter: (city = ? AND zip = ?)
 *   -&gt; Index Scan on orders o (rows=1) (actual rows=1 loops=20000)
 * </pre>
 *
 * After {@code create statistics} on city and zip, and ANALYZE:
 *
 * <pre>
 * Hash Join (rows=20100) (actual rows=20000 loops=1)
 *   -&gt; Seq Scan on orders o
 *   -&gt; Hash
 *        -&gt; Seq Scan on addresses a (rows=20100) (actual rows=20000 loops=1)
 * </pre>
 */
final class LoopFromMisestimate implements Rule {
    private static final int MOST_NAMED = 10;
    static final double LEAST_FACTOR = 10;
    static final double LEAST_ROWS = 1_000;

    @Override
    public String id() {
        return "loop-from-misestimate";
    }

    @Override
    public List<Finding> check(Context context) {
        if (context.estimated()) {
            return List.of();
        }
        return Loop.of(context)
                .filter(loop -> rows(loop) >= LEAST_ROWS)
                .filter(loop -> factor(loop) >= LEAST_FACTOR)
                .map(loop -> finding(context, loop))
                .toList();
    }

    /** Of one execution of the loop, as the estimate is. */
    private static double rows(Loop loop) {
        var actual = loop.outer().actual();
        return actual == null ? 0 : actual.rows();
    }

    /** The planner never expects less than one row. */
    private static double factor(Loop loop) {
        return loop.outer().estimate() == null
                ? 0
                : rows(loop) / Math.max(1, loop.outer().estimatedRows());
    }

    private Finding finding(Context context, Loop loop) {
        var impact = loop.impact(context);
        String outer = Inputs.of(loop.outer());
        return new Finding(
                id(),
                impact.severity(),
                loop.join().path(),
                "A nested loop was chosen for %s outer rows from %s, and got %s."
                        .formatted(Wording.count(loop.outer().estimatedRows()), outer, Wording.count(rows(loop))),
                "Mend the estimate of %s, then the planner can choose a hash join: %s; where conditions on several columns depend on each other, create statistics on these columns first."
                        .formatted(outer, analyze(loop)),
                impact.millis(),
                Evidence.of(context, impact)
                        .name("outer", outer)
                        .name("inner", Inputs.of(loop.inner()))
                        .count("outerRowsEstimated", loop.outer().estimatedRows())
                        .count("outerRows", rows(loop))
                        .number("factor", factor(loop))
                        .count("innerLoops", context.loops(loop.inner()))
                        .map());
    }

    private static String analyze(Loop loop) {
        var relations = Inputs.relations(loop.outer());
        if (relations.isEmpty()) {
            return "analyze the tables behind it";
        }
        int more = relations.size() - MOST_NAMED;
        return "analyze "
                + relations.stream().limit(MOST_NAMED).collect(Collectors.joining(", "))
                + (more > 0 ? " and the other %s that it reads".formatted(more == 1 ? "one" : more) : "");
    }
}
