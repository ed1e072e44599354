// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import io.viewkeeper.optimizer.plan.PlanNode;

/** What a scan read in all its loops: rows that it returned and rows that it threw away. */
record RowsRead(double returned, double removed) {
    /** Fewer are not worth an index. */
    static final double MANY = 1_000;
    /** Of the rows read. */
    static final double MOST = 0.9;

    static RowsRead byFilter(PlanNode node) {
        return new RowsRead(node.actualRows(), node.removals().byFilter() * loops(node));
    }

    /** By filter or by looking again at what a lossy index gave. */
    static RowsRead byFilterAndRecheck(PlanNode node) {
        double perLoop = node.removals().byFilter() + node.removals().byIndexRecheck();
        return new RowsRead(node.actualRows(), perLoop * loops(node));
    }

    private static double loops(PlanNode node) {
        var actual = node.actual();
        return actual == null ? 0 : actual.loops();
    }

    double total() {
        return returned + removed;
    }

    /** Of all rows read, 0 to 1. */
    double removedShare() {
        return total() == 0 ? 0 : removed / total();
    }

    /** Whether nearly everything was read in vain. */
    boolean mostlyRemoved() {
        return removed >= MANY && removedShare() >= MOST;
    }
}
