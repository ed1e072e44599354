// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.plan;

import java.util.IdentityHashMap;
import org.jspecify.annotations.Nullable;

/** What each node took, all its loops together, as a clock on the wall would have shown it. */
final class ElapsedTimes {
    private final IdentityHashMap<PlanNode, Double> millis = new IdentityHashMap<>();

    private ElapsedTimes() {}

    static IdentityHashMap<PlanNode, Double> of(PlanNode root) {
        var times = new ElapsedTimes();
        times.measure(root, Processes.ONE);
        return times.millis;
    }

    private void measure(PlanNode node, Processes processes) {
        millis.put(node, processes.elapsed(node));
        for (PlanNode child : node.children()) {
            measure(child, runsInWorkers(node, child) ? Processes.under(node, child) : processes);
        }
    }

    static boolean runsInWorkers(PlanNode parent, PlanNode child) {
        return parent.detail() instanceof Detail.Gather && isOuter(child);
    }

    private static boolean isOuter(PlanNode child) {
        String relationship = child.placement().parentRelationship();
        return relationship == null || relationship.equals("Outer");
    }

    /**
     * The processes that ran a part of the plan.
     *
     * @param count how many, by the average of the Gather's loops
     * @param slowest the number of the worker that took longest; {@link #LEADER}; or {@link #UNKNOWN}
     */
    private record Processes(double count, int slowest) {
        private static final int LEADER = -1;
        private static final int UNKNOWN = -2;
        /** So that no plan that somebody made up leads to infinity. */
        private static final double LONGEST = 1e15;

        private static final Processes ONE = new Processes(1, UNKNOWN);

        /** A process runs the Gather's child once for each loop of the Gather; the leader may have had no part in it. */
        private static Processes under(PlanNode gather, PlanNode child) {
            double loops = loops(gather.actual());
            double count = loops > 0 ? Math.max(1, loops(child.actual()) / loops) : 1;
            return new Processes(count, slowest(child));
        }

        private static int slowest(PlanNode node) {
            if (node.workers().isEmpty()
                    || node.workers().stream().anyMatch(worker -> allLoops(worker.actual()) == null)) {
                return UNKNOWN;
            }
            int slowest = LEADER;
            double longest = ofLeader(node);
            for (Worker worker : node.workers()) {
                double millis = millis(worker.actual());
                if (millis > longest) {
                    slowest = worker.number();
                    longest = millis;
                }
            }
            return slowest;
        }

        private double elapsed(PlanNode node) {
            return switch (slowest) {
                case UNKNOWN -> millis(node.actual()) / count;
                case LEADER -> ofLeader(node);
                default ->
                    node.workers().stream()
                            .filter(worker -> worker.number() == slowest)
                            .mapToDouble(worker -> millis(worker.actual()))
                            .sum();
            };
        }

        /** A node's figures are the leader's and the workers' together. */
        private static double ofLeader(PlanNode node) {
            double workers = node.workers().stream()
                    .mapToDouble(worker -> millis(worker.actual()))
                    .sum();
            return Math.max(0, millis(node.actual()) - workers);
        }

        private static double millis(@Nullable Actual actual) {
            Double millis = allLoops(actual);
            return millis == null ? 0 : Math.clamp(millis, 0, LONGEST);
        }

        private static @Nullable Double allLoops(@Nullable Actual actual) {
            return actual == null ? null : actual.allLoopsMillis();
        }

        private static double loops(@Nullable Actual actual) {
            return actual == null ? 0 : actual.loops();
        }
    }
}
