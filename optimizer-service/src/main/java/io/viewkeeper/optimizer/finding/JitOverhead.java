package io.viewkeeper.optimizer.finding;

import io.viewkeeper.optimizer.plan.Jit;
import io.viewkeeper.optimizer.plan.PlanNode;
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

    @Override
    public String id() {
        return "jit-overhead";
    }

    @Override
    public List<Finding> check(Context context) {
        Jit jit = context.plan().jit();
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
        var impact = Impact.of(context, spent);
        double cost = cost(context.plan().root());
        return new Finding(
                id(),
                impact.severity(),
                null,
                "Compiling %s functions just in time took %s of the execution."
                        .formatted(Wording.count((double) jit.functions()), Wording.percent(spent / total)),
                "Turn jit off for the role or the database that runs this, or raise jit_above_cost (and its two kin) above this plan's cost of %s."
                        .formatted(Wording.count(cost)),
                impact.millis(),
                new Evidence()
                        .count("functions", (double) jit.functions())
                        .number("jitMillis", jit.totalMillis())
                        .number("optimizationMillis", jit.optimizationMillis())
                        .number("inliningMillis", jit.inliningMillis())
                        .number("jitShare", spent / total)
                        .count("planCost", cost)
                        .map());
    }

    private static double cost(PlanNode root) {
        var estimate = root.estimate();
        return estimate == null ? 0 : estimate.totalCost();
    }
}
