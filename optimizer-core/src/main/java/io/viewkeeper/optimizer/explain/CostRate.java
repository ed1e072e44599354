// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.explain;

import io.viewkeeper.optimizer.plan.MalformedPlanException;
import io.viewkeeper.optimizer.plan.Plan;

/** How long a unit of the planner's cost takes here: measured at first use, then followed. Any thread may use it. */
final class CostRate {
    /** Cost 625 or so, always the same, all in memory. */
    private static final String KNOWN = """
            /* viewkeeper:explain */
            explain (analyze, timing off, summary on, format json)
            select pg_catalog.count(*)
            from pg_catalog.generate_series(1, 50000)""";

    /** Cheaper plans tell of overhead more than of their cost. */
    private static final double TELLING_COST = 1_000;

    private static final int MEASUREMENTS = 3;
    private static final double INERTIA = 0.8;
    private static final double BOUND = 20;

    private double measured;
    private double current;

    /** Expected milliseconds of a plan. */
    double millis(MeteredSession session, Plan plan) throws MalformedPlanException {
        var estimate = plan.root().estimate();
        return estimate == null ? Double.POSITIVE_INFINITY : estimate.totalCost() * rate(session);
    }

    private double rate(MeteredSession session) throws MalformedPlanException {
        synchronized (this) {
            if (current > 0) {
                return current;
            }
        }
        // The quickest: a server that was held up once would pass for a slow one, on which nothing would ever be
        // executed.
        double rate = measure(session);
        for (int again = 1; again < MEASUREMENTS; again++) {
            rate = Math.min(rate, measure(session));
        }
        synchronized (this) {
            measured = rate;
            current = rate;
            return rate;
        }
    }

    private static double measure(MeteredSession session) throws MalformedPlanException {
        var plan = RedactedPlan.of(session.queryOne(KNOWN, row -> String.valueOf(row.getValue(0))))
                .plan();
        var estimate = plan.root().estimate();
        var millis = plan.executionMillis();
        return estimate == null || millis == null ? 0.01 : Math.max(0.0001, millis / estimate.totalCost());
    }

    /** What an execution took. */
    synchronized void learn(Plan executed) {
        var estimate = executed.root().estimate();
        var millis = executed.executionMillis();
        if (estimate == null || millis == null || estimate.totalCost() < TELLING_COST || measured <= 0) {
            return;
        }
        double seen = Math.clamp(millis / estimate.totalCost(), measured / BOUND, measured * BOUND);
        current = INERTIA * current + (1 - INERTIA) * seen;
    }
}
