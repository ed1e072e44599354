// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import io.viewkeeper.optimizer.plan.Detail;
import io.viewkeeper.optimizer.plan.PlanNode;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Rows come partly sorted, but their groups are so large that sorting one does not fit into work_mem.
 *
 * <pre>
 * Incremental Sort (rows=300000)                                   Index Scan using orders_status_placed_at on orders
 *   Sort Key: status, placed_at   Presorted Key: status       →
 *   Pre-sorted Groups: 2  Sort Method: external merge
 *     Average Disk: 6840kB  Peak Disk: 12304kB
 * </pre>
 */
final class IncrementalSortSpill implements Rule {
    private static final long KILO = 1_024;

    @Override
    public String id() {
        return "incremental-sort-spill";
    }

    @Override
    public List<Finding> check(Context context) {
        return context.plan().nodes().stream()
                .flatMap(node -> node.detail() instanceof Detail.IncrementalSort sort
                        ? check(context, node, sort)
                        : Stream.empty())
                .toList();
    }

    private Stream<Finding> check(Context context, PlanNode node, Detail.IncrementalSort sort) {
        long diskBytes = Math.max(peakBytes(sort.fullSort()), peakBytes(sort.presorted()));
        return diskBytes == 0 ? Stream.empty() : Stream.of(finding(context, node, sort, diskBytes));
    }

    private static long peakBytes(Detail.@Nullable SortGroups groups) {
        Long peak = groups == null ? null : groups.peakDiskKb();
        return peak == null ? 0 : peak * KILO;
    }

    private static long groups(Detail.@Nullable SortGroups groups) {
        return groups == null ? 0 : groups.groups();
    }

    private Finding finding(Context context, PlanNode node, Detail.IncrementalSort sort, long diskBytes) {
        var impact = Impact.exclusive(context, node);
        // Files lack what memory keeps beside each row, which is about as much again.
        double needed = 2.0 * diskBytes;
        var scan = RowSource.singleRelation(node);
        var columns = SortColumn.of(sort.keys());
        String index = scan == null || columns.isEmpty() ? null : IndexSketch.forOrder(scan, columns);
        return new Finding(
                id(),
                impact.severity(),
                node.path(),
                "A group of the incremental sort did not fit into work_mem: up to %s went to temporary files."
                        .formatted(Wording.size(diskBytes)),
                Memory.advice(needed, "let an index give the whole order" + (index == null ? "" : ": " + index)),
                impact.millis(),
                Evidence.of(context, impact)
                        .expressions("sortKeys", sort.keys())
                        .expressions("presortedKeys", sort.presortedKeys())
                        .count("rows", node.actualRows())
                        .count("groups", groups(sort.fullSort()) + groups(sort.presorted()))
                        .count("peakDiskBytes", diskBytes)
                        .count("workMemBytes", Memory.workMemBytes(context))
                        .count("neededBytes", needed)
                        .name("suggestedIndex", index)
                        .map());
    }
}
