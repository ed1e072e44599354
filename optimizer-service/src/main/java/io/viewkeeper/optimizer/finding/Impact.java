package io.viewkeeper.optimizer.finding;

import io.viewkeeper.optimizer.plan.PlanNode;
import org.jspecify.annotations.Nullable;

/**
 * What could be saved of one execution, at most, and how much that is of the whole.
 *
 * @param millis null where the plan tells no times
 */
record Impact(@Nullable Double millis, Severity severity) {
    /** From this share of the execution on, it is most of it. */
    static final double CRITICAL_SHARE = 0.5;

    static final double WARNING_SHARE = 0.2;

    /** A node's own time. */
    static Impact exclusive(Context context, PlanNode node) {
        return share(context, node, 1);
    }

    /** This share, 0 to 1, of a node's own time. */
    static Impact share(Context context, PlanNode node, double share) {
        return of(context, context.times().exclusiveMillis(node) * share);
    }

    /** A node's time with everything below it. */
    static Impact inclusive(Context context, PlanNode node) {
        return of(context, context.times().inclusiveMillis(node));
    }

    /** This time, unless the plan tells none. */
    static Impact of(Context context, double millis) {
        if (!context.times().known()) {
            return unknown();
        }
        return new Impact(millis, severity(millis, context.times().totalMillis()));
    }

    /** Of a plan without times: worth doing, as far as anybody can tell. */
    static Impact unknown() {
        return new Impact(null, Severity.WARNING);
    }

    private static Severity severity(double millis, double totalMillis) {
        if (millis >= CRITICAL_SHARE * totalMillis) {
            return Severity.CRITICAL;
        }
        return millis >= WARNING_SHARE * totalMillis ? Severity.WARNING : Severity.INFO;
    }
}
