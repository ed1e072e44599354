// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import io.viewkeeper.optimizer.plan.Detail;
import io.viewkeeper.optimizer.plan.PlanNode;
import java.util.List;
import java.util.stream.Stream;

/**
 * A parallel plan that got fewer workers than it was made for. Before:
 *
 * <pre>
 * Gather (actual rows=3 loops=1)
 *   Workers Planned: 2
 *   Workers Launched: 0
 * </pre>
 *
 * After {@code alter system set max_parallel_workers = 16}:
 *
 * <pre>
 *   Workers Planned: 2
 *   Workers Launched: 2
 * </pre>
 */
final class WorkersMissing implements Rule {
    @Override
    public String id() {
        return "workers-missing";
    }

    @Override
    public List<Finding> check(Context context) {
        return context.plan().nodes().stream()
                .flatMap(node -> finding(context, node))
                .toList();
    }

    private Stream<Finding> finding(Context context, PlanNode node) {
        if (!(node.detail() instanceof Detail.Gather gather)) {
            return Stream.empty();
        }
        Long launched = gather.launched();
        // A single copy runs in one process whether or not that is a worker.
        if (launched == null || gather.singleCopy() || launched >= gather.planned()) {
            return Stream.empty();
        }
        return Stream.of(finding(context, node, gather.planned(), launched));
    }

    /** The leader works too, so n workers are n + 1 processes; at best the time falls as they grow. */
    private Finding finding(Context context, PlanNode node, long planned, long launched) {
        double missing = (double) (planned - launched) / (planned + 1);
        var impact = Impact.of(context, context.inclusive(node) * missing);
        return new Finding(
                id(),
                impact.severity(),
                node.path(),
                "A parallel plan over %s was made for %s workers and got %s."
                        .formatted(Inputs.of(node), Wording.count((double) planned), Wording.count((double) launched)),
                "The server had no worker free: raise max_parallel_workers (and max_worker_processes, which it may not exceed),"
                        + " or lower max_parallel_workers_per_gather so that statements share what there is.",
                impact.millis(),
                Evidence.of(context, impact)
                        .name("inputs", Inputs.of(node))
                        .count("workersPlanned", (double) planned)
                        .count("workersLaunched", (double) launched)
                        .map());
    }
}
