// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.plan;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The types of plan nodes of PostgreSQL 10 to 18, as EXPLAIN names them (explain.c), and {@link #OTHER} for the rest. */
public enum NodeType {
    RESULT("Result"),
    PROJECT_SET("ProjectSet"),
    MODIFY_TABLE("ModifyTable"),
    APPEND("Append"),
    MERGE_APPEND("Merge Append"),
    RECURSIVE_UNION("Recursive Union"),
    BITMAP_AND("BitmapAnd"),
    BITMAP_OR("BitmapOr"),
    NESTED_LOOP("Nested Loop"),
    MERGE_JOIN("Merge Join"),
    HASH_JOIN("Hash Join"),
    SEQ_SCAN("Seq Scan"),
    SAMPLE_SCAN("Sample Scan"),
    GATHER("Gather"),
    GATHER_MERGE("Gather Merge"),
    INDEX_SCAN("Index Scan"),
    INDEX_ONLY_SCAN("Index Only Scan"),
    BITMAP_INDEX_SCAN("Bitmap Index Scan"),
    BITMAP_HEAP_SCAN("Bitmap Heap Scan"),
    TID_SCAN("Tid Scan"),
    TID_RANGE_SCAN("Tid Range Scan"),
    SUBQUERY_SCAN("Subquery Scan"),
    FUNCTION_SCAN("Function Scan"),
    TABLE_FUNCTION_SCAN("Table Function Scan"),
    VALUES_SCAN("Values Scan"),
    CTE_SCAN("CTE Scan"),
    NAMED_TUPLESTORE_SCAN("Named Tuplestore Scan"),
    WORK_TABLE_SCAN("WorkTable Scan"),
    FOREIGN_SCAN("Foreign Scan"),
    CUSTOM_SCAN("Custom Scan"),
    MATERIALIZE("Materialize"),
    MEMOIZE("Memoize"),
    SORT("Sort"),
    INCREMENTAL_SORT("Incremental Sort"),
    GROUP("Group"),
    AGGREGATE("Aggregate"),
    WINDOW_AGG("WindowAgg"),
    UNIQUE("Unique"),
    SET_OP("SetOp"),
    LOCK_ROWS("LockRows"),
    LIMIT("Limit"),
    HASH("Hash"),
    /** One that this version of Viewkeeper does not know: carried along, never dropped. */
    OTHER("");

    private static final Map<String, NodeType> BY_NAME =
            Arrays.stream(values()).collect(Collectors.toMap(NodeType::serverName, Function.identity()));

    private final String serverName;

    NodeType(String serverName) {
        this.serverName = serverName;
    }

    /** As EXPLAIN names it. */
    public String serverName() {
        return serverName;
    }

    static NodeType of(String serverName) {
        return BY_NAME.getOrDefault(serverName, OTHER);
    }
}
