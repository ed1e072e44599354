// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.plan;

import io.viewkeeper.optimizer.plan.Charges.Charge;
import java.util.ArrayDeque;
import java.util.IdentityHashMap;

/**
 * Where a plan's time goes, in milliseconds of elapsed time. Exclusive times add up to the root's inclusive time. Of a plan
 * without ANALYZE or without TIMING all are 0 and {@link #known} says so.
 *
 * <p>Nodes of parallel workers count by the process that their Gather waited for longest, where the plan tells its workers
 * apart, and by the average process else. The time of an InitPlan or a CTE is within the node that first needed its result,
 * which is not the node that it hangs under.
 */
public final class PlanTimes {
    private final IdentityHashMap<PlanNode, Double> inclusive = new IdentityHashMap<>();
    private final IdentityHashMap<PlanNode, Double> exclusive = new IdentityHashMap<>();
    private final double total;
    private final boolean known;
    private boolean complete = true;

    private PlanTimes(Plan plan) {
        Actual root = plan.root().actual();
        this.known = root != null && root.totalMillis() != null;
        Double told = plan.totalMillis();
        this.total = told == null ? 0 : told;
        if (known) {
            var measured = ElapsedTimes.of(plan.root());
            var charges = Charges.of(plan.root(), measured);
            complete = charges.complete();
            settle(plan.root(), charges);
        }
    }

    /** False where there are so many subplans that the time of each stayed with the node that it hangs under. */
    public boolean complete() {
        return complete;
    }

    public static PlanTimes of(Plan plan) {
        return new PlanTimes(plan);
    }

    /** From the root down; a node's own turn comes when everybody that pays for it has had his. */
    private void settle(PlanNode root, Charges charges) {
        var pending = new IdentityHashMap<PlanNode, Integer>();
        var ready = new ArrayDeque<PlanNode>();
        inclusive.put(root, charges.elapsed(root));
        ready.add(root);
        while (!ready.isEmpty()) {
            PlanNode node = ready.remove();
            pay(node, charges);
            for (Charge charge : charges.within(node)) {
                if (pending.merge(charge.node(), 1, Integer::sum) == charges.payers(charge.node())) {
                    ready.add(charge.node());
                }
            }
        }
    }

    /**
     * Times per loop are rounded to microseconds, and many loops make that much; a worker may go on while nobody waits for it.
     * So what is within a node can seem to take longer than the node: it gets no more than the node has.
     */
    private void pay(PlanNode node, Charges charges) {
        double has = inclusiveMillis(node);
        double measured = charges.elapsed(node);
        double asked = charges.within(node).stream().mapToDouble(Charge::millis).sum();
        double most = Math.max(measured, asked);
        double rate = most > 0 ? has / most : 0;
        for (Charge charge : charges.within(node)) {
            inclusive.merge(charge.node(), charge.millis() * rate, Double::sum);
        }
        exclusive.put(node, Math.max(0, has - asked * rate));
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
