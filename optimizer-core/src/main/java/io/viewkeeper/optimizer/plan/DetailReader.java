// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.plan;

import org.jspecify.annotations.Nullable;

/** What only nodes of some types tell. A field that its type does not expect stays with the node's other fields. */
final class DetailReader {
    private DetailReader() {}

    static Detail read(NodeType type, Fields fields) throws MalformedPlanException {
        return switch (type) {
            case NESTED_LOOP, MERGE_JOIN, HASH_JOIN ->
                new Detail.Join(fields.text("Join Type", "Inner"), fields.flag("Inner Unique"));
            case SORT -> new Detail.Sort(fields.texts("Sort Key"), sortRun(fields));
            case INCREMENTAL_SORT ->
                new Detail.IncrementalSort(
                        fields.texts("Sort Key"),
                        fields.texts("Presorted Key"),
                        sortGroups(fields.object("Full-sort Groups")),
                        sortGroups(fields.object("Pre-sorted Groups")));
            case HASH ->
                new Detail.Hash(
                        fields.count("Hash Buckets"),
                        fields.count("Original Hash Buckets"),
                        fields.count("Hash Batches"),
                        fields.count("Original Hash Batches"),
                        fields.count("Peak Memory Usage"));
            case AGGREGATE, GROUP -> aggregate(fields);
            case INDEX_SCAN, INDEX_ONLY_SCAN, BITMAP_INDEX_SCAN ->
                new Detail.Index(fields.count("Heap Fetches"), fields.count("Index Searches"));
            case BITMAP_HEAP_SCAN ->
                new Detail.BitmapHeap(fields.count("Exact Heap Blocks"), fields.count("Lossy Heap Blocks"));
            case MEMOIZE -> memoize(fields);
            case GATHER, GATHER_MERGE ->
                new Detail.Gather(
                        fields.count("Workers Planned", 0),
                        fields.count("Workers Launched"),
                        fields.flag("Single Copy"));
            case APPEND, MERGE_APPEND ->
                new Detail.Append(fields.count("Subplans Removed", 0), fields.texts("Sort Key"));
            case MODIFY_TABLE ->
                new Detail.Modify(
                        fields.text("Operation", ""),
                        fields.text("Conflict Resolution"),
                        PlanNodeReader.counts(
                                fields,
                                "Tuples Inserted",
                                "Conflicting Tuples",
                                "Tuples Updated",
                                "Tuples Deleted",
                                "Tuples Skipped"));
            case SET_OP -> new Detail.SetOp(fields.text("Command", ""), fields.text("Strategy", ""));
            case FOREIGN_SCAN ->
                new Detail.Foreign(fields.text("Operation"), fields.text("Relations"), fields.text("Remote SQL"));
            case MATERIALIZE, CTE_SCAN, WINDOW_AGG, TABLE_FUNCTION_SCAN, RECURSIVE_UNION ->
                new Detail.Storage(fields.text("Storage"), fields.count("Maximum Storage"), fields.text("Window"));
            case RESULT,
                    PROJECT_SET,
                    BITMAP_AND,
                    BITMAP_OR,
                    SEQ_SCAN,
                    SAMPLE_SCAN,
                    TID_SCAN,
                    TID_RANGE_SCAN,
                    SUBQUERY_SCAN,
                    FUNCTION_SCAN,
                    VALUES_SCAN,
                    NAMED_TUPLESTORE_SCAN,
                    WORK_TABLE_SCAN,
                    CUSTOM_SCAN,
                    UNIQUE,
                    LOCK_ROWS,
                    LIMIT,
                    OTHER -> new Detail.None();
        };
    }

    static @Nullable SortRun sortRun(Fields fields) throws MalformedPlanException {
        String method = fields.text("Sort Method");
        long space = fields.count("Sort Space Used", 0);
        String kind = fields.text("Sort Space Type", "Memory");
        return method == null ? null : new SortRun(method, space, kind);
    }

    private static Detail.@Nullable SortGroups sortGroups(@Nullable Fields fields) throws MalformedPlanException {
        if (fields == null) {
            return null;
        }
        var memory = fields.object("Sort Space Memory");
        var disk = fields.object("Sort Space Disk");
        return new Detail.SortGroups(
                fields.count("Group Count", 0),
                fields.texts("Sort Methods Used"),
                memory == null ? null : memory.count("Peak Sort Space Used"),
                disk == null ? null : disk.count("Peak Sort Space Used"));
    }

    private static Detail aggregate(Fields fields) throws MalformedPlanException {
        return new Detail.Aggregate(
                fields.text("Strategy", "Plain"),
                fields.text("Partial Mode", "Simple"),
                fields.texts("Group Key"),
                fields.count("Planned Partitions", 0),
                fields.count("HashAgg Batches"),
                fields.count("Peak Memory Usage"),
                fields.count("Disk Usage"));
    }

    private static Detail memoize(Fields fields) throws MalformedPlanException {
        return new Detail.Memoize(
                fields.text("Cache Key", ""),
                fields.text("Cache Mode"),
                fields.count("Cache Hits"),
                fields.count("Cache Misses"),
                fields.count("Cache Evictions"),
                fields.count("Cache Overflows"),
                fields.count("Peak Memory Usage"));
    }
}
