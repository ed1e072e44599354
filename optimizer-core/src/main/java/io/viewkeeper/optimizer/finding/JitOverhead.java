// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import io.viewkeeper.optimizer.plan.Jit;
import java.util.List;

/**
 * Just-in-time compilation took a good part of the execution: the planner expected a longer statement. Before:
 *
 * <pre>
 * JIT:
 *   Functions: 27
 *   Timing: Generation 1.9 ms, Inlining 60.1 ms, Optimization 120.3 ms, Emission 80.2 ms, Total 262.5 ms
 * Execution Time: 390.0 ms
 * </pre>
 *
 * After {@code set jit = off}:
 *
 * <pre>
 * Execution Time: 140.0 ms
 * </pre>
 */
final class JitOverhead implements Rule {
    static final double LEAST_SHARE = 0.1;
    /** The server's default of jit_above_cost. */
    private static final double ABOVE_COST = 100_000;
    /** About a millisecond, while a cost of 100 is about as long. */
    private static final double COST_PER_FUNCTION = 100;

    @Override
    public String id() {
        return "jit-overhead";
    }

    @Override
    public List<Finding> check(Context context) {
        Jit jit = context.plan().jit();
        if (jit != null && context.estimated()) {
            return isExpected(context, jit) ? List.of(expected(context, jit)) : List.of();
        }
        double total = context.times().totalMillis();
        if (jit == null || total <= 0 || jit.totalMillis() < LEAST_SHARE * total) {
            return List.of();
        }
        return List.of(finding(context, jit));
    }

    /** Times of workers are added up, so they may exceed the execution. */
    private Finding finding(Context context, Jit jit) {
        double total = context.times().totalMillis();
        double spent = Math.min(jit.totalMillis(), total);
        var impact = Impact.measured(context, spent);
        return new Finding(
                id(),
                impact.severity(),
                null,
                "Compiling %s functions just in time took %s of the execution."
                        .formatted(Wording.count((double) jit.functions()), Wording.percent(spent / total)),
                advice(context),
                impact.millis(),
                Evidence.of(context, impact)
                        .count("functions", (double) jit.functions())
                        .number("jitMillis", jit.totalMillis())
                        .number("optimizationMillis", jit.optimizationMillis())
                        .number("inliningMillis", jit.inliningMillis())
                        .number("jitShare", spent / total)
                        .count("planCost", context.costs().cost(context.plan().root()))
                        .map());
    }

    /** Switching kinds of nodes off makes a plan look dear, and dear plans are compiled. */
    private static String advice(Context context) {
        double cost = context.costs().cost(context.plan().root());
        if (context.costs().inflated() && cost < Settings.number(context, "jit_above_cost", ABOVE_COST)) {
            return "The plan is compiled because it looks dear, and it looks dear because kinds of nodes are switched off (enable_... = off adds 10,000,000,000 to each): reset these settings first.";
        }
        return "Turn jit off for the role or the database that runs this, or raise jit_above_cost (and its two kin) above this plan's cost of %s."
                .formatted(Wording.count(cost));
    }

    private static boolean isExpected(Context context, Jit jit) {
        return context.costs().inflated() || jit.functions() * COST_PER_FUNCTION >= LEAST_SHARE * context.total();
    }

    /** Nothing was compiled, so nothing is known but how much there is. */
    private Finding expected(Context context, Jit jit) {
        var impact = Impact.atWorst(jit.functions() * COST_PER_FUNCTION, context.total());
        return new Finding(
                id(),
                impact.severity(),
                null,
                "Compiling %s functions just in time is likely to take a good part of the execution."
                        .formatted(Wording.count((double) jit.functions())),
                advice(context),
                impact.millis(),
                Evidence.of(context, impact)
                        .count("functions", (double) jit.functions())
                        .count("planCost", context.total())
                        .map());
    }
}
