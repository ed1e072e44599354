package io.viewkeeper.optimizer.finding;

import io.viewkeeper.optimizer.plan.NodeType;
import io.viewkeeper.optimizer.plan.PlanNode;
import java.util.stream.Stream;

/** A nested loop that was executed and timed, with its two sides. */
record ExecutedLoop(PlanNode join, PlanNode outer, PlanNode inner) {

    /** Those of a plan with actual times, parents first; none of another plan. */
    static Stream<ExecutedLoop> of(Context context) {
        if (!context.times().known()) {
            return Stream.empty();
        }
        return context.plan().nodes().stream()
                .filter(node -> node.type() == NodeType.NESTED_LOOP)
                .flatMap(ExecutedLoop::of);
    }

    private static Stream<ExecutedLoop> of(PlanNode join) {
        PlanNode outer = join.outer();
        PlanNode inner = join.inner();
        if (outer == null || inner == null || !inner.executed()) {
            return Stream.empty();
        }
        return Stream.of(new ExecutedLoop(join, outer, inner));
    }

    /** How often the inner side was begun, in all processes. */
    double innerLoops() {
        return loops(inner);
    }

    /** Elapsed time of the inner side, all its loops together. */
    double innerMillis(Context context) {
        return context.times().inclusiveMillis(inner);
    }

    /** What another kind of join could save at most: the repeated side and the comparing, not the outer side. */
    Impact impact(Context context) {
        double repeated = innerMillis(context) + context.times().exclusiveMillis(join);
        return Impact.of(context, Math.min(repeated, context.times().inclusiveMillis(join)));
    }

    /** Loops of a node; 0 where it was never executed. */
    static double loops(PlanNode node) {
        var actual = node.actual();
        return actual == null ? 0 : actual.loops();
    }
}
