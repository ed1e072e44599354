package io.viewkeeper.optimizer.plan;

import java.util.IdentityHashMap;
import java.util.Map;

/**
 * Where a plan's time goes, in milliseconds of elapsed time. Exclusive times add up to the root's inclusive time. Of a plan
 * without ANALYZE or without TIMING all are 0 and {@link #known} says so.
 */
public final class PlanTimes {
    private final Map<PlanNode, Double> inclusive = new IdentityHashMap<>();
    private final Map<PlanNode, Double> exclusive = new IdentityHashMap<>();
    private final double total;
    private final boolean known;

    private PlanTimes(Plan plan) {
        Actual root = plan.root().actual();
        this.known = root != null && root.totalMillis() != null;
        Double told = plan.totalMillis();
        this.total = told == null ? 0 : told;
        add(plan.root());
    }

    public static PlanTimes of(Plan plan) {
        return new PlanTimes(plan);
    }

    private double add(PlanNode node) {
        Actual actual = node.actual();
        Double all = actual == null ? null : actual.allLoopsMillis();
        double mine = all == null ? 0 : all;
        double below = 0;
        for (PlanNode child : node.children()) {
            below += add(child);
        }
        inclusive.put(node, mine);
        exclusive.put(node, Math.max(0, mine - below));
        return mine;
    }

    /** Whether the plan tells times at all. */
    public boolean known() {
        return known;
    }

    /** Of the whole execution, triggers included. */
    public double totalMillis() {
        return total;
    }

    /** Of a node with everything below it. */
    public double inclusiveMillis(PlanNode node) {
        return inclusive.getOrDefault(node, 0.0);
    }

    /** Of a node alone. */
    public double exclusiveMillis(PlanNode node) {
        return exclusive.getOrDefault(node, 0.0);
    }

    /** Its exclusive time as a share of the whole, 0 to 1. */
    public double share(PlanNode node) {
        return total <= 0 ? 0 : Math.min(1, exclusiveMillis(node) / total);
    }
}
