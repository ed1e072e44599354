// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import io.viewkeeper.optimizer.plan.NodeType;
import io.viewkeeper.optimizer.plan.PlanNode;
import org.jspecify.annotations.Nullable;

/** Where a node's rows come from. */
final class RowSource {
    private RowSource() {}

    /** The scan of one relation that alone feeds this node; null where a join, a set operation or an aggregate is between. */
    static @Nullable PlanNode singleRelation(PlanNode node) {
        var source = node.outer();
        while (source != null && passesRowsOn(source.type())) {
            source = source.outer();
        }
        return source != null && isRelationScan(source.type()) ? source : null;
    }

    /** Whether its rows are those of a join: grouped, they would all be needed. */
    static boolean joins(PlanNode node) {
        return switch (node.type()) {
            case NESTED_LOOP, MERGE_JOIN, HASH_JOIN -> true;
            case AGGREGATE, GROUP, WINDOW_AGG, UNIQUE, SET_OP, RECURSIVE_UNION -> false;
            default -> {
                var source = node.outer();
                yield source != null && joins(source);
            }
        };
    }

    static boolean isRelationScan(NodeType type) {
        return switch (type) {
            case SEQ_SCAN, INDEX_SCAN, INDEX_ONLY_SCAN, BITMAP_HEAP_SCAN -> true;
            default -> false;
        };
    }

    private static boolean passesRowsOn(NodeType type) {
        return switch (type) {
            case RESULT, LOCK_ROWS, GATHER, GATHER_MERGE, PROJECT_SET -> true;
            default -> false;
        };
    }
}
