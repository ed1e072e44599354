// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import io.viewkeeper.optimizer.plan.PlanNode;
import org.jspecify.annotations.Nullable;

/**
 * What could be saved of one execution, at most, and how much that is of the whole.
 *
 * @param millis null where the plan tells no times
 * @param cost in the planner's unit, where the plan tells no times; null else
 * @param costShare of the plan's cost, 0 to 1; null where times were measured
 */
record Impact(
        @Nullable Double millis,
        @Nullable Double cost,
        @Nullable Double costShare,
        Severity severity) {
    /** From this share of the execution on, it is most of it. */
    static final double CRITICAL_SHARE = 0.5;

    static final double WARNING_SHARE = 0.2;

    /** A node's own time. */
    static Impact exclusive(Context context, PlanNode node) {
        return share(context, node, 1);
    }

    /** This share, 0 to 1, of a node's own time. */
    static Impact share(Context context, PlanNode node, double share) {
        return of(context, context.exclusive(node) * share);
    }

    /** A node's time with everything below it. */
    static Impact inclusive(Context context, PlanNode node) {
        return of(context, context.inclusive(node));
    }

    /** This much, as {@link Context#inclusive} counts it: milliseconds if they were measured, else cost. */
    static Impact of(Context context, double amount) {
        double total = context.total();
        if (context.times().known()) {
            return new Impact(amount, null, null, severity(amount, total));
        }
        if (!context.costs().known() || total <= 0) {
            return unknown();
        }
        return new Impact(null, amount, Math.min(1, amount / total), severity(amount, total));
    }

    /** Of a plan without times: what a node costs if it runs to its end, beside the rest of the plan. */
    static Impact atWorst(double cost, double rest) {
        double total = Math.max(0, rest) + cost;
        return total <= 0 ? unknown() : new Impact(null, cost, cost / total, severity(cost, total));
    }

    /** Milliseconds that were measured although no node was timed: of triggers, of compilation. */
    static Impact measured(Context context, double millis) {
        return new Impact(millis, null, null, severity(millis, context.times().totalMillis()));
    }

    /** Of a plan without times and costs: worth doing, as far as anybody can tell. */
    static Impact unknown() {
        return new Impact(null, null, null, Severity.WARNING);
    }

    private static Severity severity(double amount, double total) {
        if (amount >= CRITICAL_SHARE * total) {
            return Severity.CRITICAL;
        }
        return amount >= WARNING_SHARE * total ? Severity.WARNING : Severity.INFO;
    }
}
