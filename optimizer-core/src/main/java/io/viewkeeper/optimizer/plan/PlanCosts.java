// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.plan;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a plan's cost goes, in the planner's unit: what {@link PlanTimes} is of times, by estimates. Exclusive costs add up to
 * the total. Of a plan without costs all are 0 and {@link #known} says so.
 *
 * <p>EXPLAIN tells the cost of one loop. How often a node is executed is measured by ANALYZE; without it, it is what the
 * planner expected: an inner side runs once for each outer row, a subplan as often as its node's cost has room for.
 */
public final class PlanCosts {
    /** What switching a kind of node off adds to its cost up to 17 (disable_cost, costsize.c). */
    private static final double DISABLED = 1e10;

    /** A recursive union is expected to go round so often (costsize.c). */
    private static final double ROUNDS = 10;

    private final IdentityHashMap<PlanNode, Double> inclusive = new IdentityHashMap<>();
    private final IdentityHashMap<PlanNode, Double> exclusive = new IdentityHashMap<>();
    private final IdentityHashMap<PlanNode, Double> loops = new IdentityHashMap<>();
    private final boolean measured;
    private final boolean known;
    private final boolean inflated;

    private PlanCosts(Plan plan) {
        this.measured = plan.analyzed();
        this.known = plan.root().estimate() != null;
        this.inflated = inflated(plan.root());
        if (known) {
            share(plan.root(), cost(plan.root()), 1, 1);
        }
        sum(plan.root());
    }

    public static PlanCosts of(Plan plan) {
        return new PlanCosts(plan);
    }

    /** Whether the plan tells costs at all. */
    public boolean known() {
        return known;
    }

    /** Whether its costs hold the penalty of kinds of nodes that are switched off, up to 17. Ours are without it. */
    public boolean inflated() {
        return inflated;
    }

    /** Of a node with everything below it, in all its loops. */
    public double inclusive(PlanNode node) {
        return inclusive.getOrDefault(node, 0.0);
    }

    /** Of a node alone, in all its loops. */
    public double exclusive(PlanNode node) {
        return exclusive.getOrDefault(node, 0.0);
    }

    /** How often a node is executed, in all processes. */
    public double loops(PlanNode node) {
        Actual actual = node.actual();
        return measured ? actual == null ? 0 : actual.loops() : loops.getOrDefault(node, 1.0);
    }

    /** Of one loop, without penalties; 0 where it is not told. */
    public double cost(PlanNode node) {
        Estimate estimate = node.estimate();
        double told = estimate == null ? 0 : Math.max(0, estimate.totalCost());
        return inflated ? told % DISABLED : told;
    }

    /** @param once how often what a node keeps for its repetitions is computed */
    private void share(PlanNode node, double has, double times, double once) {
        loops.put(node, times);
        double left = has;
        double asked = asked(node, times, once);
        double rate = asked > 0 ? Math.min(1, has / asked) : 0;
        var late = new ArrayList<PlanNode>();
        for (PlanNode child : node.children()) {
            if (repeats(node, child)) {
                late.add(child);
            } else {
                double runs = isInitPlan(child) ? 1 : node.type() == NodeType.MATERIALIZE ? once : times;
                double given = Math.min(left, cost(child) * runs * rate);
                share(child, given, runs, runs);
                left -= given;
            }
        }
        for (PlanNode child : late) {
            left -= shareRepeated(node, child, left, times, rate);
        }
        exclusive.put(node, left);
    }

    private static boolean repeats(PlanNode parent, PlanNode child) {
        String relationship = child.placement().parentRelationship();
        boolean inner = "Inner".equals(relationship)
                && (parent.type() == NodeType.NESTED_LOOP || parent.type() == NodeType.RECURSIVE_UNION);
        return inner || ("SubPlan".equals(relationship) && !hashed(parent, child));
    }

    private static boolean isInitPlan(PlanNode child) {
        return "InitPlan".equals(child.placement().parentRelationship());
    }

    /** @return what it was given */
    private double shareRepeated(PlanNode parent, PlanNode child, double left, double times, double rate) {
        double each = cost(child);
        double runs = times * runs(parent, child, left, times);
        double asked = asked(child, runs, times);
        double given = Math.min(left, asked * rate);
        // A cache asks what is below it only for what it lacks.
        double executed = child.type() == NodeType.MATERIALIZE || each <= 0 ? runs : Math.min(runs, given / each);
        share(child, given, child.type() == NodeType.MEMOIZE ? runs : Math.max(1, executed), times);
        return given;
    }

    /** Of one loop of the parent. */
    private double runs(PlanNode parent, PlanNode child, double left, double times) {
        if (parent.type() == NodeType.RECURSIVE_UNION) {
            return ROUNDS;
        }
        if (!"SubPlan".equals(child.placement().parentRelationship())) {
            PlanNode outer = parent.outer();
            return Math.max(1, outer == null ? 1 : outer.estimatedRows());
        }
        // A filter meets rows that are not told: there are as many as the cost has room for.
        double room = cost(child) > 0 ? Math.floor(left / cost(child) / Math.max(1, times)) : 1;
        boolean filters = mentions(parent.conditions().filter(), child)
                || mentions(parent.conditions().joinFilter(), child);
        return Math.max(1, filters ? Math.max(room, parent.estimatedRows()) : parent.estimatedRows());
    }

    /** Reading again what a Materialize keeps costs a fraction of what keeping it did. */
    private double asked(PlanNode node, double times, double once) {
        PlanNode kept = node.outer();
        if (node.type() != NodeType.MATERIALIZE || kept == null) {
            return cost(node) * times;
        }
        return cost(node) * once + Math.max(0, cost(node) - cost(kept)) / 2 * (times - once);
    }

    private static boolean hashed(PlanNode parent, PlanNode child) {
        String name = child.placement().subplanName();
        return name != null && NodeTexts.of(parent).anyMatch(text -> mentions(text, "hashed " + name));
    }

    private static boolean mentions(@Nullable String text, PlanNode subplan) {
        String name = subplan.placement().subplanName();
        return text != null && name != null && mentions(text, name);
    }

    private static boolean mentions(String text, String name) {
        int at = text.indexOf(name);
        while (at >= 0) {
            int end = at + name.length();
            if (end == text.length() || !Character.isDigit(text.charAt(end))) {
                return true;
            }
            at = text.indexOf(name, end);
        }
        return false;
    }

    /** Loops that were measured replace those that were expected. */
    private double sum(PlanNode node) {
        double own = exclusive.getOrDefault(node, 0.0);
        if (measured) {
            own *= loops(node) / loops.getOrDefault(node, 1.0);
            exclusive.put(node, own);
        }
        double all = own;
        for (PlanNode child : node.children()) {
            all += sum(child);
        }
        inclusive.put(node, all);
        return all;
    }

    /** A node that costs the penalty more than what is below it; real costs of that size are those of a whole plan. */
    private static boolean inflated(PlanNode node) {
        List<PlanNode> children = node.children();
        Estimate estimate = node.estimate();
        if (estimate == null || estimate.totalCost() < DISABLED) {
            return false;
        }
        double below = children.stream()
                .map(PlanNode::estimate)
                .mapToDouble(one -> one == null ? 0 : one.totalCost())
                .sum();
        double own = estimate.totalCost() - below;
        boolean penalty = own >= DISABLED && own < DISABLED * 1.01 && estimate.startupCost() >= DISABLED;
        return penalty || children.stream().anyMatch(PlanCosts::inflated);
    }
}
