// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import io.viewkeeper.optimizer.plan.Detail;
import io.viewkeeper.optimizer.plan.NodeType;
import io.viewkeeper.optimizer.plan.PlanNode;
import java.util.List;
import java.util.stream.Stream;

/**
 * The hash table of a join did not fit into memory: both sides go through temporary files, part by part.
 *
 * <pre>
 * Hash Join (actual time=210..560)                         Hash Join (actual time=150..330)
 *   -> Seq Scan on lines                                     -> Seq Scan on lines
 *   -> Hash                                             →    -> Hash
 *        Buckets: 65536  Batches: 16  Memory: 1500kB              Buckets: 524288  Batches: 1  Memory: 18000kB
 * </pre>
 */
final class HashBatches implements Rule {
    private static final long KILO = 1_024;

    @Override
    public String id() {
        return "hash-batches";
    }

    /** What a hash table keeps of each row beside its columns (HashJoinTuple and MinimalTuple, nodeHash.c). */
    private static final int BYTES_PER_ROW = 32;
    /** Times the memory that is allowed: a batch that cannot be split, since its rows have one key. */
    private static final double SKEWED = 2;

    @Override
    public List<Finding> check(Context context) {
        return context.plan().nodes().stream()
                .filter(node -> node.type() == NodeType.HASH_JOIN)
                .flatMap(join -> join.children().stream().flatMap(child -> check(context, join, child)))
                .toList();
    }

    private Stream<Finding> check(Context context, PlanNode join, PlanNode child) {
        if (!(child.detail() instanceof Detail.Hash hash)) {
            return Stream.empty();
        }
        if (context.estimated()) {
            return rowBytes(child) > allowedBytes(context, child)
                    ? Stream.of(expected(context, join, child))
                    : Stream.empty();
        }
        return batches(hash) > 1 ? Stream.of(finding(context, join, child, hash)) : Stream.empty();
    }

    /** Of the hash table as it was planned. */
    private static double rowBytes(PlanNode node) {
        return bytes(node, node.estimatedRows());
    }

    private static double bytes(PlanNode node, double rows) {
        var estimate = node.estimate();
        return rows * (BYTES_PER_ROW + (estimate == null ? 0 : estimate.widthBytes()));
    }

    /** Processes that share a table share their memory. */
    private static double allowedBytes(Context context, PlanNode node) {
        double processes = node.placement().parallelAware() ? processes(context) : 1;
        return Memory.workMemBytes(context) * Memory.hashMultiplier(context) * processes;
    }

    private static double processes(Context context) {
        return 1
                + context.plan().nodes().stream()
                        .mapToDouble(node -> node.detail() instanceof Detail.Gather gather ? gather.planned() : 0)
                        .max()
                        .orElse(0);
    }

    private static long batches(Detail.Hash hash) {
        Long batches = hash.batches();
        return batches == null ? 1 : batches;
    }

    private Finding expected(Context context, PlanNode join, PlanNode node) {
        var impact = impact(context, join, node);
        double needed = rowBytes(node) / Memory.hashMultiplier(context);
        return new Finding(
                id(),
                impact.severity(),
                join.path(),
                "By the planner's estimate the hash table of a join takes %s, does not fit into memory, and goes through temporary files."
                        .formatted(Wording.size(rowBytes(node))),
                Memory.advice(needed, "join fewer rows or columns"),
                impact.millis(),
                Evidence.of(context, impact)
                        .expression("hashCondition", join.conditions().hashCond())
                        .name("hashPath", node.path())
                        .number("estimatedRows", node.estimatedRows())
                        .count("tableBytes", rowBytes(node))
                        .count("workMemBytes", Memory.workMemBytes(context))
                        .count("neededBytes", needed)
                        .map());
    }

    private static Impact impact(Context context, PlanNode join, PlanNode node) {
        return Impact.of(context, context.exclusive(join) + context.exclusive(node));
    }

    private static String advice(boolean grown, boolean skewed, double needed) {
        if (skewed) {
            return "Rows of one key cannot be split into batches, so more memory only serves if it holds them all: find the key that most rows share (an empty string, NULL's stand-in, a default), and leave it out of the join or join it apart.";
        }
        return (grown ? "The planner expected fewer rows: see to its estimate first. " : "")
                + Memory.advice(needed, "join fewer rows or columns");
    }

    /** All of it: processes that do not share a table have each one whole. */
    private static double rows(PlanNode node) {
        var actual = node.actual();
        return actual == null ? 0 : node.placement().parallelAware() ? node.actualRows() : actual.rows();
    }

    private static long plannedBatches(Detail.Hash hash) {
        Long planned = hash.originalBatches();
        return planned == null ? batches(hash) : planned;
    }

    private Finding finding(Context context, PlanNode join, PlanNode node, Detail.Hash hash) {
        Long peak = hash.peakMemoryKb();
        double peakBytes = (peak == null ? 0.0 : peak) * KILO;
        boolean skewed = peakBytes >= SKEWED * allowedBytes(context, node);
        // Batches that were split in vain are empty: then their number says nothing.
        double tableBytes = Math.max(peakBytes, Math.min(peakBytes * batches(hash), 2 * bytes(node, rows(node))));
        double needed = tableBytes / Memory.hashMultiplier(context);
        boolean grown = batches(hash) > plannedBatches(hash);
        var impact = impact(context, join, node);
        return new Finding(
                id(),
                impact.severity(),
                join.path(),
                "The hash table of a join was split into %s batches that went through temporary files%s."
                        .formatted(
                                Wording.count(batches(hash)),
                                grown ? ", where " + Wording.count(plannedBatches(hash)) + " had been planned" : ""),
                advice(grown, skewed, needed),
                impact.millis(),
                Evidence.of(context, impact)
                        .expression("hashCondition", join.conditions().hashCond())
                        .name("hashPath", node.path())
                        .count("batches", batches(hash))
                        .count("plannedBatches", plannedBatches(hash))
                        .flag("misestimated", grown)
                        .flag("skewed", skewed)
                        .count("rows", node.actualRows())
                        .number("estimatedRows", node.estimatedRows())
                        .count("tableBytes", tableBytes)
                        .count("workMemBytes", Memory.workMemBytes(context))
                        .count("neededBytes", needed)
                        .map());
    }
}
