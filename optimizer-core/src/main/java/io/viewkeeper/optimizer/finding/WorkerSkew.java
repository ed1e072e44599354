// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import io.viewkeeper.optimizer.plan.Actual;
import io.viewkeeper.optimizer.plan.Detail;
import io.viewkeeper.optimizer.plan.PlanNode;
import io.viewkeeper.optimizer.plan.Worker;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A parallel plan in which one process did most of the work while the others waited for it. Before:
 *
 * <pre>
 * Gather
 *   Workers Launched: 2
 *   -&gt; Partial Aggregate (actual time=0.1..140.0 rows=1 loops=3)
 *        Worker 0: actual time=0.0..400.2 rows=1 loops=1
 *        Worker 1: actual time=0.0..9.8 rows=1 loops=1
 * </pre>
 *
 * After, where the large table is the one that is divided:
 *
 * <pre>
 *        Worker 0: actual time=0.0..140.1 rows=1 loops=1
 *        Worker 1: actual time=0.0..138.9 rows=1 loops=1
 * </pre>
 */
final class WorkerSkew implements Rule {
    /** Of the work of all processes, and at least half as much again as its fair share. */
    static final double LEAST_SHARE = 0.5;

    static final double LEAST_FAIR_SHARES = 1.5;

    @Override
    public String id() {
        return "worker-skew";
    }

    @Override
    public List<Finding> check(Context context) {
        return context.plan().nodes().stream()
                .filter(node -> node.detail() instanceof Detail.Gather)
                .flatMap(gather -> gather.children().stream())
                .flatMap(part -> Work.of(part).stream())
                .filter(Work::skewed)
                .map(work -> finding(context, work))
                .toList();
    }

    /** What each process spent on a parallel part. */
    private record Work(PlanNode part, List<Double> millis, double leaderMillis) {

        static List<Work> of(PlanNode part) {
            var all = part.actual();
            Double sum = all == null ? null : all.allLoopsMillis();
            var millis = new ArrayList<Double>();
            part.workers().stream().flatMap(Work::millis).forEach(millis::add);
            if (sum == null || millis.isEmpty()) {
                return List.of();
            }
            double leader =
                    sum - millis.stream().mapToDouble(Double::doubleValue).sum();
            millis.add(Math.max(0, leader));
            return List.of(new Work(part, millis, Math.max(0, leader)));
        }

        private static Stream<Double> millis(Worker worker) {
            @Nullable Actual actual = worker.actual();
            return actual == null ? Stream.empty() : Stream.ofNullable(actual.allLoopsMillis());
        }

        double busiest() {
            return Collections.max(millis);
        }

        double sum() {
            return millis.stream().mapToDouble(Double::doubleValue).sum();
        }

        double share() {
            return busiest() / sum();
        }

        double fair() {
            return 1.0 / millis.size();
        }

        boolean skewed() {
            return sum() > 0 && share() >= Math.max(LEAST_SHARE, LEAST_FAIR_SHARES * fair());
        }
    }

    /** Divided evenly, the work would be done after its fair share. */
    private Finding finding(Context context, Work work) {
        double saved = work.busiest() - work.sum() * work.fair();
        var part = work.part();
        var impact = Impact.of(context, Math.min(saved, context.inclusive(part)));
        String inputs = Inputs.of(part);
        return new Finding(
                id(),
                impact.severity(),
                part.path(),
                "One of %d processes did %s of the parallel work over %s; the others waited for it."
                        .formatted(work.millis().size(), Wording.percent(work.share()), inputs),
                "Processes share out the pages of the table that is scanned in parallel: let that be the table with most of the work"
                        + " (join the large table first, or spread its heavy rows over more pages), or do without parallelism here.",
                impact.millis(),
                Evidence.of(context, impact)
                        .name("inputs", inputs)
                        .count("processes", work.millis().size())
                        .number("busiestMillis", work.busiest())
                        .number("leaderMillis", work.leaderMillis())
                        .number("allMillis", work.sum())
                        .number("busiestShare", work.share())
                        .map());
    }
}
