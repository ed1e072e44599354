// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import io.viewkeeper.optimizer.plan.Detail;
import io.viewkeeper.optimizer.plan.NodeType;
import io.viewkeeper.optimizer.plan.PlanNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A node that returned far more or fewer rows than expected although nothing below it did.
 *
 * @param choices nodes above it that were chosen by its rows, the lowest first: its parent, and on while those are wrong as
 *     well; without those that would be there in any case
 */
record WrongEstimate(PlanNode node, List<Choice> choices) {
    /** Times too many or too few. */
    static final double LEAST_FACTOR = 10;
    /** A node that neither returned nor was to return more, in all loops, steers nothing. */
    static final double LEAST_ROWS = 100;

    /**
     * A join, a sort or the like.
     *
     * @param below the child through which the rows came
     */
    record Choice(PlanNode node, PlanNode below) {}

    /** All of a plan, parents before their children. */
    static List<WrongEstimate> of(PlanNode root) {
        var found = new ArrayList<WrongEstimate>();
        collect(root, List.of(), false, found);
        return found;
    }

    /** The highest node that was chosen by it; null where none was. */
    @Nullable
    PlanNode affected() {
        return choices.isEmpty() ? null : choices.getLast().node();
    }

    /** What was planned upon it: what the choices themselves take, and what they repeat or read in vain. Not what is below. */
    double harm(Context context) {
        return choices.stream().mapToDouble(choice -> harm(context, choice)).sum();
    }

    private double harm(Context context, Choice choice) {
        var join = choice.node();
        double own = context.exclusive(join);
        return switch (join.type()) {
            case NESTED_LOOP -> own + (under() ? inner(context, join) : 0);
            // Few rows could have been looked up on the other side, which was read whole for them.
            case HASH_JOIN, MERGE_JOIN -> own + (under() ? 0 : others(context, choice));
            default -> own;
        };
    }

    private static double inner(Context context, PlanNode join) {
        var inner = join.inner();
        return inner == null ? 0 : context.inclusive(inner);
    }

    private static double others(Context context, Choice choice) {
        return choice.node().children().stream()
                .filter(child -> !child.path().equals(choice.below().path()))
                .mapToDouble(context::inclusive)
                .sum();
    }

    /** How many times the rows of a loop were off, at least 1. */
    double factor() {
        return factor(node);
    }

    boolean under() {
        return rows(node) > node.estimatedRows();
    }

    /** @return whether the node or anything below it is wrong */
    private static boolean collect(
            PlanNode node, List<PlanNode> ancestors, boolean mayStopEarly, List<WrongEstimate> found) {
        var way = new ArrayList<>(ancestors);
        way.add(node);
        boolean below = false;
        for (PlanNode child : node.children()) {
            below |= collect(child, way, childMayStopEarly(node, child, mayStopEarly), found);
        }
        if (guesses(node.type())) {
            return below || factor(node) >= LEAST_FACTOR;
        }
        if (!wrong(node, mayStopEarly)) {
            return below;
        }
        if (!below) {
            found.add(new WrongEstimate(node, choices(node, ancestors)));
        }
        return true;
    }

    private static List<Choice> choices(PlanNode node, List<PlanNode> ancestors) {
        boolean under = rows(node) > node.estimatedRows();
        var choices = new ArrayList<Choice>();
        var below = node;
        for (PlanNode parent : ancestors.reversed()) {
            boolean steered = below.path().equals(node.path()) || factor(below) >= LEAST_FACTOR;
            if (!steered) {
                return choices;
            }
            if (chosenByRows(parent, below, under)) {
                choices.add(new Choice(parent, below));
            }
            below = parent;
        }
        return choices;
    }

    /** Joins and caches, and groups that were hashed and ran out of memory; a sort would be there in any case. */
    private static boolean chosenByRows(PlanNode node, PlanNode below, boolean under) {
        return switch (node.type()) {
            case NESTED_LOOP, MERGE_JOIN, MEMOIZE -> true;
            // The side that seems small is hashed; that the other has more rows than expected changes nothing.
            case HASH_JOIN -> !under || below.type() == NodeType.HASH;
            case HASH -> under;
            case AGGREGATE -> under && node.detail() instanceof Detail.Aggregate groups && isMany(groups.batches());
            default -> false;
        };
    }

    private static boolean isMany(@Nullable Long batches) {
        return batches != null && batches > 1;
    }

    private static boolean wrong(PlanNode node, boolean mayStopEarly) {
        if (!node.executed() || node.estimate() == null || repeats(node.type()) || factor(node) < LEAST_FACTOR) {
            return false;
        }
        boolean tooMany = rows(node) < node.estimatedRows();
        return !(tooMany && mayStopEarly) && rowsOfAllLoops(node) >= LEAST_ROWS;
    }

    private static double rowsOfAllLoops(PlanNode node) {
        var actual = node.actual();
        return Math.max(rows(node), node.estimatedRows()) * (actual == null ? 0 : actual.loops());
    }

    private static double factor(PlanNode node) {
        double rows = Math.max(1, rows(node));
        double estimated = Math.max(1, node.estimatedRows());
        return Math.max(rows / estimated, estimated / rows);
    }

    private static double rows(PlanNode node) {
        var actual = node.actual();
        return actual == null ? 0 : actual.rows();
    }

    /** No statistics to be wrong about: what is above is not to blame either (see function-scan-guess). */
    private static boolean guesses(NodeType type) {
        return switch (type) {
            case FUNCTION_SCAN,
                    TABLE_FUNCTION_SCAN,
                    CTE_SCAN,
                    WORK_TABLE_SCAN,
                    NAMED_TUPLESTORE_SCAN,
                    RECURSIVE_UNION -> true;
            default -> false;
        };
    }

    /** Nodes that report no rows, or pass on their child's. */
    private static boolean repeats(NodeType type) {
        return switch (type) {
            case BITMAP_AND,
                    BITMAP_OR,
                    MODIFY_TABLE,
                    LIMIT,
                    SORT,
                    INCREMENTAL_SORT,
                    MATERIALIZE,
                    MEMOIZE,
                    HASH,
                    GATHER,
                    GATHER_MERGE -> true;
            default -> false;
        };
    }

    /** Whether the parent may have stopped asking before the child had no more rows. */
    private static boolean childMayStopEarly(PlanNode parent, PlanNode child, boolean parentMayStopEarly) {
        String relationship = child.placement().parentRelationship();
        if ("SubPlan".equals(relationship) || "InitPlan".equals(relationship)) {
            return true;
        }
        return switch (parent.type()) {
            // They read everything before they return anything.
            case SORT, HASH, BITMAP_HEAP_SCAN -> false;
            case AGGREGATE -> parentMayStopEarly && grouped(parent);
            case LIMIT, MERGE_JOIN -> true;
            case NESTED_LOOP -> parentMayStopEarly || (isInner(child) && wantsOneMatch(parent));
            case HASH_JOIN -> parentMayStopEarly && !isInner(child);
            default -> parentMayStopEarly;
        };
    }

    private static boolean wantsOneMatch(PlanNode join) {
        return join.detail() instanceof Detail.Join how
                && (how.innerUnique()
                        || how.joinType().equals("Semi")
                        || how.joinType().equals("Anti"));
    }

    private static boolean grouped(PlanNode node) {
        return node.detail() instanceof Detail.Aggregate aggregate
                && aggregate.strategy().equals("Sorted");
    }

    private static boolean isInner(PlanNode child) {
        return "Inner".equals(child.placement().parentRelationship());
    }
}
