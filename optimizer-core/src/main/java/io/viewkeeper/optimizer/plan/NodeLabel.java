// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.plan;

import org.jspecify.annotations.Nullable;

/** What a node is and what it works on, in EXPLAIN's own words: "Parallel Seq Scan on orders". */
final class NodeLabel {
    private NodeLabel() {}

    /** Without aliases. */
    static String of(PlanNode node) {
        return kind(node) + using(node) + on(node);
    }

    /** With the alias, where it is not the relation's name. */
    static String withAlias(PlanNode node) {
        String alias = node.target().alias();
        String on = on(node);
        boolean told = alias == null || on.isEmpty() || on.endsWith(" " + alias) || on.endsWith("." + alias);
        return kind(node) + using(node) + on + (told ? "" : " " + alias);
    }

    private static String kind(PlanNode node) {
        String kind = parallel(node) + named(node);
        return "Backward".equals(node.target().scanDirection()) ? kind + " Backward" : kind;
    }

    private static String parallel(PlanNode node) {
        return node.placement().parallelAware() ? "Parallel " : "";
    }

    private static String named(PlanNode node) {
        return switch (node.detail()) {
            case Detail.Join join -> join(node, join.joinType());
            case Detail.Aggregate aggregate -> aggregate(node, aggregate);
            case Detail.Modify modify -> modify.operation().isEmpty() ? node.typeName() : modify.operation();
            case Detail.SetOp setOp -> (setOp.strategy().equals("Hashed") ? "Hash" : "") + "SetOp " + setOp.command();
            case Detail.Foreign foreign -> foreign(node, foreign.operation());
            case Detail.None _,
                    Detail.Sort _,
                    Detail.IncrementalSort _,
                    Detail.Hash _,
                    Detail.Index _,
                    Detail.BitmapHeap _,
                    Detail.Memoize _,
                    Detail.Gather _,
                    Detail.Append _,
                    Detail.Storage _ -> node.typeName();
        };
    }

    private static String join(PlanNode node, String joinType) {
        if (joinType.equals("Inner")) {
            return node.typeName();
        }
        return switch (node.type()) {
            case HASH_JOIN -> "Hash " + joinType + " Join";
            case MERGE_JOIN -> "Merge " + joinType + " Join";
            default -> node.typeName() + " " + joinType + " Join";
        };
    }

    private static String aggregate(PlanNode node, Detail.Aggregate aggregate) {
        String strategy = switch (aggregate.strategy()) {
            case "Sorted" -> "Group";
            case "Hashed" -> "Hash";
            case "Mixed" -> "Mixed";
            default -> "";
        };
        String mode = aggregate.partialMode().equals("Simple") ? "" : aggregate.partialMode() + " ";
        return mode + (node.type() == NodeType.GROUP ? node.typeName() : strategy + node.typeName());
    }

    private static String foreign(PlanNode node, @Nullable String operation) {
        return operation == null || operation.equals("Select") ? node.typeName() : "Foreign " + operation;
    }

    private static String using(PlanNode node) {
        String index = node.target().index();
        return index == null || node.type() == NodeType.BITMAP_INDEX_SCAN ? "" : " using " + index;
    }

    private static String on(PlanNode node) {
        var target = node.target();
        if (node.type() == NodeType.BITMAP_INDEX_SCAN) {
            return target.index() == null ? "" : " on " + target.index();
        }
        if (target.relation() != null) {
            return " on " + (target.schema() == null ? "" : target.schema() + ".") + target.relation();
        }
        if (target.cte() != null) {
            return " on " + target.cte();
        }
        String function = target.function() == null ? target.alias() : target.function();
        return function == null ? "" : " on " + function;
    }
}
