// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import io.viewkeeper.optimizer.plan.Plan;
import java.util.List;
import java.util.Locale;

/**
 * A statement whose planning takes longer than its execution. Before:
 *
 * <pre>
 * Append (actual rows=1 loops=1)
 *   (one scan for each of 300 partitions)
 * Planning Time: 48.0 ms
 * Execution Time: 6.1 ms
 * </pre>
 *
 * After, prepared once and executed with {@code plan_cache_mode = force_generic_plan}:
 *
 * <pre>
 * Planning Time: 0.1 ms
 * Execution Time: 6.3 ms
 * </pre>
 */
final class PlanningDominates implements Rule {
    static final double LEAST_MILLIS = 10;

    @Override
    public String id() {
        return "planning-dominates";
    }

    @Override
    public List<Finding> check(Context context) {
        Double planning = context.plan().planningMillis();
        Double execution = context.plan().executionMillis();
        if (planning == null || execution == null || planning < LEAST_MILLIS || planning <= execution) {
            return List.of();
        }
        return List.of(finding(context.plan(), planning, execution));
    }

    /** Planning is no part of the execution: all of it comes on top. */
    private Finding finding(Plan plan, double planning, double execution) {
        long relations = plan.nodes().stream()
                .filter(node -> node.target().relation() != null)
                .count();
        var evidence = new Evidence()
                .number("planningMillis", planning)
                .number("executionMillis", execution)
                .count("scans", (double) relations);
        var buffers = plan.planningBuffers();
        if (buffers != null) {
            evidence.count(
                    "blocksToPlan",
                    (double) buffers.shared().hit() + buffers.shared().read());
        }
        return new Finding(
                id(),
                planning >= 10 * execution ? Severity.CRITICAL : Severity.WARNING,
                null,
                String.format(Locale.ROOT, "Planning took %.1f ms, the execution %.1f ms.", planning, execution),
                "Prepare the statement once and execute it often (with plan_cache_mode = force_generic_plan if the server plans it anew all the same), and let it touch fewer tables, partitions and indexes, those of views too; the plan has %s of them left."
                        .formatted(Wording.count((double) relations)),
                planning,
                evidence.map());
    }
}
