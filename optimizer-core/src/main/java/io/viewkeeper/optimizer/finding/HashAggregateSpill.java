// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import com.fasterxml.jackson.databind.JsonNode;
import io.viewkeeper.optimizer.plan.Detail;
import io.viewkeeper.optimizer.plan.PlanNode;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Groups did not fit into memory: rows of the rest were written to temporary files and read again.
 *
 * <pre>
 * HashAggregate (actual time=180..420 rows=200000)       HashAggregate (actual time=150..230 rows=200000)
 *   Group Key: customer_id                           →     Group Key: customer_id
 *   Batches: 21  Memory: 4145kB  Disk: 7400kB              Batches: 1  Memory: 22545kB
 * </pre>
 */
final class HashAggregateSpill implements Rule {
    private static final long KILO = 1_024;
    /** What a hash table keeps for each group beside its columns: headers, state and its place in the table (nodeAgg.c). */
    private static final long BYTES_PER_GROUP = 72;

    private static final String OTHERWISE = "group by fewer columns, or let an index give the order of the groups";

    @Override
    public String id() {
        return "hash-aggregate-spill";
    }

    @Override
    public List<Finding> check(Context context) {
        return context.plan().nodes().stream()
                .flatMap(node -> node.detail() instanceof Detail.Aggregate groups
                        ? check(context, node, groups)
                        : Stream.empty())
                .toList();
    }

    private Stream<Finding> check(Context context, PlanNode node, Detail.Aggregate groups) {
        if (context.estimated()) {
            return groups.plannedPartitions() == 0 ? Stream.empty() : Stream.of(expected(context, node, groups));
        }
        long disk = diskBytes(node, groups);
        return disk == 0 ? Stream.empty() : Stream.of(finding(context, node, groups, disk));
    }

    /** Its own and its workers', each with a memory of its own. */
    private static long diskBytes(PlanNode node, Detail.Aggregate groups) {
        long kilobytes = zeroIfUnknown(groups.diskUsageKb());
        for (var worker : node.workers()) {
            JsonNode disk = worker.other().get("Disk Usage");
            kilobytes += disk == null ? 0 : disk.asLong(0);
        }
        return kilobytes * KILO;
    }

    /** Files hold rows and not groups, so they tell only a part. */
    private static double tableBytes(PlanNode node, Detail.Aggregate groups, long disk) {
        double seen = zeroIfUnknown(groups.peakMemoryKb()) * KILO + (double) disk;
        return Math.max(seen, node.actualRows() * bytesPerGroup(node));
    }

    private Finding expected(Context context, PlanNode node, Detail.Aggregate groups) {
        double needed = estimatedBytes(node) / Memory.hashMultiplier(context);
        var impact = Impact.exclusive(context, node);
        return new Finding(
                id(),
                impact.severity(),
                node.path(),
                "By the planner's estimate %s groups do not fit into memory and go to temporary files in %s parts."
                        .formatted(Wording.count(node.estimatedRows()), Wording.count(groups.plannedPartitions())),
                advice(needed),
                impact.millis(),
                Evidence.of(context, impact)
                        .expressions("groupKeys", groups.groupKeys())
                        .number("estimatedGroups", node.estimatedRows())
                        .count("plannedPartitions", groups.plannedPartitions())
                        .count("workMemBytes", Memory.workMemBytes(context))
                        .count("neededBytes", needed)
                        .map());
    }

    /** What a group takes beside its columns, and how wide these are, no plan tells: the need is a least one. */
    private static String advice(double needed) {
        return Memory.sensible(needed)
                ? "Give this statement a larger work_mem, probably more than %s, and see in EXPLAIN (ANALYZE) whether it still takes several batches (each sort and hash of each process may take that much); or %s."
                        .formatted(Memory.workMem(needed), OTHERWISE)
                : "Memory is no remedy, since it would take a work_mem of more than %s: %s."
                        .formatted(Wording.size(needed), OTHERWISE);
    }

    private static double estimatedBytes(PlanNode node) {
        return node.estimatedRows() * bytesPerGroup(node);
    }

    private static double bytesPerGroup(PlanNode node) {
        var estimate = node.estimate();
        return BYTES_PER_GROUP + (estimate == null ? 0 : estimate.widthBytes());
    }

    private static long zeroIfUnknown(@Nullable Long figure) {
        return figure == null ? 0 : figure;
    }

    private Finding finding(Context context, PlanNode node, Detail.Aggregate groups, long disk) {
        long batches = zeroIfUnknown(groups.batches());
        double needed = tableBytes(node, groups, disk) / Memory.hashMultiplier(context);
        var impact = Impact.exclusive(context, node);
        boolean grown = groups.plannedPartitions() == 0;
        return new Finding(
                id(),
                impact.severity(),
                node.path(),
                "%s groups did not fit into memory: %s went to temporary files%s."
                        .formatted(
                                Wording.count(node.actualRows()),
                                Wording.size(disk),
                                grown ? ", which the planner had not expected" : ""),
                advice(needed),
                impact.millis(),
                Evidence.of(context, impact)
                        .expressions("groupKeys", groups.groupKeys())
                        .count("groups", node.actualRows())
                        .number("estimatedGroups", node.estimatedRows())
                        .count("batches", batches)
                        .flag("planned", !grown)
                        .count("diskBytes", disk)
                        .count("workMemBytes", Memory.workMemBytes(context))
                        .count("neededBytes", needed)
                        .map());
    }
}
