// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import io.viewkeeper.optimizer.plan.NodeType;
import io.viewkeeper.optimizer.plan.PlanNode;
import java.util.stream.Stream;

/** A nested loop with its two sides, whose inner side was executed, or is expected to be. */
record Loop(PlanNode join, PlanNode outer, PlanNode inner) {

    /** Those of a plan, parents first. */
    static Stream<Loop> of(Context context) {
        return context.plan().nodes().stream()
                .filter(node -> node.type() == NodeType.NESTED_LOOP)
                .flatMap(join -> of(context, join));
    }

    private static Stream<Loop> of(Context context, PlanNode join) {
        PlanNode outer = join.outer();
        PlanNode inner = join.inner();
        if (outer == null || inner == null || !context.runs(inner)) {
            return Stream.empty();
        }
        return Stream.of(new Loop(join, outer, inner));
    }

    /** The inner side, all its loops together: milliseconds, or cost. */
    double innerAmount(Context context) {
        return context.inclusive(inner);
    }

    /** What another kind of join could save at most: the repeated side and the comparing, not the outer side. */
    Impact impact(Context context) {
        double repeated = innerAmount(context) + context.exclusive(join);
        return Impact.of(context, Math.min(repeated, context.inclusive(join)));
    }

    /** How many pairs of rows it makes, before any filter, in all its loops. */
    double pairs(Context context) {
        if (context.estimated()) {
            return Math.max(1, outer.estimatedRows()) * inner.estimatedRows() * context.loops(join);
        }
        return join.removals().byJoinFilter() * context.loops(join) + join.actualRows();
    }
}
