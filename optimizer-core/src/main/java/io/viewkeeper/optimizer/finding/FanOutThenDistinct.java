// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import io.viewkeeper.optimizer.plan.Detail;
import io.viewkeeper.optimizer.plan.NodeType;
import io.viewkeeper.optimizer.plan.PlanNode;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A join that multiplies the rows of one side, and a DISTINCT that brings them back. Before:
 *
 * <pre>
 * HashAggregate (actual rows=2000 loops=1)
 *   Group Key: c.id, c.name
 *   -&gt; Hash Join (actual rows=200000 loops=1)
 *        -&gt; Seq Scan on orders o (actual rows=200000 loops=1)
 *        -&gt; Hash
 *             -&gt; Seq Scan on customers c (actual rows=2000 loops=1)
 * </pre>
 *
 * After, with EXISTS in place of the join:
 *
 * <pre>
 * Nested Loop Semi Join (actual rows=2000 loops=1)
 *   -&gt; Seq Scan on customers c (actual rows=2000 loops=1)
 *   -&gt; Index Only Scan using orders_customer_id_idx on orders o (actual rows=1 loops=2000)
 * </pre>
 */
final class FanOutThenDistinct implements Rule {
    static final double LEAST_FACTOR = 5;
    static final double LEAST_ROWS = 1_000;

    @Override
    public String id() {
        return "fan-out-then-distinct";
    }

    @Override
    public List<Finding> check(Context context) {
        return context.plan().nodes().stream()
                .filter(FanOutThenDistinct::removesDuplicates)
                .filter(node -> !isBelowAnother(context, node))
                .flatMap(node -> FanOut.of(context, node).stream())
                .map(fanOut -> finding(context, fanOut))
                .toList();
    }

    /** UNIQUE, or groups of all that is returned: without VERBOSE nobody knows what else an aggregate computes. */
    private static boolean removesDuplicates(PlanNode node) {
        if (node.type() == NodeType.UNIQUE) {
            return true;
        }
        return node.detail() instanceof Detail.Aggregate aggregate
                && !aggregate.groupKeys().isEmpty()
                && new HashSet<>(aggregate.groupKeys())
                        .containsAll(node.target().output())
                && !node.target().output().isEmpty();
    }

    /** The lower part of a DISTINCT in two steps: told of the upper one. */
    private static boolean isBelowAnother(Context context, PlanNode node) {
        return context.plan().nodes().stream()
                .filter(FanOutThenDistinct::removesDuplicates)
                .anyMatch(other -> below(other).anyMatch(step -> step.path().equals(node.path())));
    }

    /** What stands below a node in single file, until a join. */
    private static Stream<PlanNode> below(PlanNode node) {
        return Stream.iterate(node.outer(), Objects::nonNull, FanOutThenDistinct::next)
                .map(Objects::requireNonNull);
    }

    private static @Nullable PlanNode next(@Nullable PlanNode node) {
        return node == null || isJoin(node) ? null : node.outer();
    }

    private static boolean isJoin(PlanNode node) {
        return node.detail() instanceof Detail.Join;
    }

    /** @param side of the join, whose rows it multiplies */
    private record FanOut(PlanNode distinct, PlanNode join, PlanNode side) {

        static Optional<FanOut> of(Context context, PlanNode distinct) {
            return below(distinct)
                    .filter(FanOutThenDistinct::isJoin)
                    .findFirst()
                    .flatMap(join -> sides(join)
                            .filter(side -> multiplies(context, distinct, join, side))
                            .findFirst()
                            .map(side -> new FanOut(distinct, join, side)));
        }

        /** The rows of a repeated inner side are no rows of a table. */
        private static Stream<PlanNode> sides(PlanNode join) {
            return join.children().stream()
                    .filter(side -> join.type() != NodeType.NESTED_LOOP || side.equals(join.outer()));
        }

        private static boolean multiplies(Context context, PlanNode distinct, PlanNode join, PlanNode side) {
            return context.rows(join) >= LEAST_ROWS
                    && context.rows(join) >= LEAST_FACTOR * context.rows(side)
                    && context.rows(distinct) <= context.rows(side);
        }

        double factor(Context context) {
            return context.rows(join) / Math.max(1, context.rows(side));
        }
    }

    private Finding finding(Context context, FanOut fanOut) {
        var distinct = fanOut.distinct();
        var impact = impact(context, fanOut);
        String side = Inputs.of(fanOut.side());
        return new Finding(
                id(),
                impact.severity(),
                distinct.path(),
                (context.estimated()
                                ? "By the planner's estimate a join makes %s rows of %s rows of %s, and a DISTINCT (or GROUP BY) makes %s of them again."
                                : "A join makes %s rows of %s rows of %s, and a DISTINCT (or GROUP BY) makes %s of them again.")
                        .formatted(
                                Wording.count(context.rows(fanOut.join())),
                                Wording.count(context.rows(fanOut.side())),
                                side,
                                Wording.count(context.rows(distinct))),
                "If the other side only tells which rows of %s to return, ask for it by EXISTS in place of the join, and drop the DISTINCT."
                        .formatted(side),
                impact.millis(),
                Evidence.of(context, impact)
                        .name("multiplied", side)
                        .name("join", fanOut.join().path())
                        .count("rowsBefore", context.rows(fanOut.side()))
                        .count("rowsJoined", context.rows(fanOut.join()))
                        .count("rowsDistinct", context.rows(distinct))
                        .number("factor", fanOut.factor(context))
                        .map());
    }

    /** Both tables are read in any case. */
    private static Impact impact(Context context, FanOut fanOut) {
        double inputs = fanOut.join().children().stream()
                .mapToDouble(context::inclusive)
                .sum();
        return Impact.of(context, Math.max(0, context.inclusive(fanOut.distinct()) - inputs));
    }
}
