// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.plan;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What only nodes of some types tell. Sizes in kilobytes where the server says kilobytes. */
public sealed interface Detail {

    /** Nothing beyond what every node tells. */
    record None() implements Detail {}

    /** Nested Loop, Merge Join, Hash Join. {@code joinType} Inner, Left, Right, Full, Semi, Anti, Right Anti … */
    record Join(String joinType, boolean innerUnique) implements Detail {}

    /** Sort. {@code run} null without ANALYZE, and where only workers sorted */
    record Sort(List<String> keys, @Nullable SortRun run) implements Detail {
        public Sort {
            keys = List.copyOf(keys);
        }
    }

    /**
     * Incremental Sort.
     *
     * @param fullSort groups sorted by all keys; null where there were none
     * @param presorted groups sorted by the keys that were missing; null where there were none
     */
    record IncrementalSort(
            List<String> keys,
            List<String> presortedKeys,
            @Nullable SortGroups fullSort,
            @Nullable SortGroups presorted)
            implements Detail {
        public IncrementalSort {
            keys = List.copyOf(keys);
            presortedKeys = List.copyOf(presortedKeys);
        }
    }

    /** Groups of an incremental sort. Peaks are null where no group used that kind of space. */
    record SortGroups(
            long groups,
            List<String> methods,
            @Nullable Long peakMemoryKb,
            @Nullable Long peakDiskKb) {
        public SortGroups {
            methods = List.copyOf(methods);
        }
    }

    /** Hash, below a Hash Join. All null without ANALYZE. */
    record Hash(
            @Nullable Long buckets,
            @Nullable Long originalBuckets,
            @Nullable Long batches,
            @Nullable Long originalBatches,
            @Nullable Long peakMemoryKb)
            implements Detail {}

    /**
     * Aggregate and Group.
     *
     * @param strategy Plain, Sorted, Hashed, Mixed
     * @param partialMode Simple, Partial, Finalize
     * @param plannedPartitions of a hashed one that expects to spill; 0 else
     * @param batches more than 1 when it spilled; null without ANALYZE
     */
    record Aggregate(
            String strategy,
            String partialMode,
            List<String> groupKeys,
            long plannedPartitions,
            @Nullable Long batches,
            @Nullable Long peakMemoryKb,
            @Nullable Long diskUsageKb)
            implements Detail {
        public Aggregate {
            groupKeys = List.copyOf(groupKeys);
        }
    }

    /** Index Scan and Index Only Scan. {@code heapFetches} over all loops; {@code searches} 18 and newer */
    record Index(@Nullable Long heapFetches, @Nullable Long searches) implements Detail {}

    /** Bitmap Heap Scan: pages of which rows, and pages of which only the page was remembered, over all loops. */
    record BitmapHeap(@Nullable Long exactBlocks, @Nullable Long lossyBlocks) implements Detail {}

    /** Memoize: lookups over all loops; null without ANALYZE. */
    record Memoize(
            String key,
            @Nullable String mode,
            @Nullable Long hits,
            @Nullable Long misses,
            @Nullable Long evictions,
            @Nullable Long overflows,
            @Nullable Long peakMemoryKb)
            implements Detail {}

    /** Gather, Gather Merge. {@code launched} null without ANALYZE */
    record Gather(long planned, @Nullable Long launched, boolean singleCopy) implements Detail {}

    /** Append, Merge Append. {@code subplansRemoved} by pruning at the start of the execution */
    record Append(long subplansRemoved, List<String> sortKeys) implements Detail {
        public Append {
            sortKeys = List.copyOf(sortKeys);
        }
    }

    /** ModifyTable. {@code operation} Insert, Update, Delete, Merge; {@code counts} Tuples Inserted, Conflicting Tuples … */
    record Modify(String operation, @Nullable String conflictResolution, Map<String, Long> counts) implements Detail {
        public Modify {
            counts = Map.copyOf(counts);
        }
    }

    /** SetOp. {@code command} Except, Except All, Intersect, Intersect All; {@code strategy} Sorted, Hashed */
    record SetOp(String command, String strategy) implements Detail {}

    /** Foreign Scan. {@code operation} Select unless it modifies; {@code remoteSql} of postgres_fdw (VERBOSE) */
    record Foreign(
            @Nullable String operation,
            @Nullable String relations,
            @Nullable String remoteSql) implements Detail {}

    /** Materialize, CTE Scan, WindowAgg and others that keep rows. {@code storage} Memory or Disk (17 and newer) */
    record Storage(
            @Nullable String storage,
            @Nullable Long maximumKb,
            @Nullable String window) implements Detail {}
}
