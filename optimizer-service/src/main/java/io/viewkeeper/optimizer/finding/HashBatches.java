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

    @Override
    public List<Finding> check(Context context) {
        return context.plan().nodes().stream()
                .filter(node -> node.type() == NodeType.HASH_JOIN)
                .flatMap(join -> join.children().stream().flatMap(child -> check(context, join, child)))
                .toList();
    }

    private Stream<Finding> check(Context context, PlanNode join, PlanNode child) {
        boolean spilled = child.detail() instanceof Detail.Hash hash && batches(hash) > 1;
        return spilled ? Stream.of(finding(context, join, child, (Detail.Hash) child.detail())) : Stream.empty();
    }

    private static long batches(Detail.Hash hash) {
        Long batches = hash.batches();
        return batches == null ? 1 : batches;
    }

    private static long plannedBatches(Detail.Hash hash) {
        Long planned = hash.originalBatches();
        return planned == null ? batches(hash) : planned;
    }

    private Finding finding(Context context, PlanNode join, PlanNode node, Detail.Hash hash) {
        Long peak = hash.peakMemoryKb();
        double tableBytes = (peak == null ? 0.0 : peak) * KILO * batches(hash);
        double needed = tableBytes / Memory.hashMultiplier(context);
        boolean grown = batches(hash) > plannedBatches(hash);
        var impact = Impact.of(
                context, context.times().exclusiveMillis(join) + context.times().exclusiveMillis(node));
        return new Finding(
                id(),
                impact.severity(),
                join.path(),
                "The hash table of a join was split into %s batches that went through temporary files%s."
                        .formatted(
                                Wording.count(batches(hash)),
                                grown ? ", where " + Wording.count(plannedBatches(hash)) + " had been planned" : ""),
                (grown ? "The planner expected fewer rows: see to its estimate first. " : "")
                        + "Give this statement a work_mem of about %s, or join fewer rows or columns."
                                .formatted(Memory.workMem(needed)),
                impact.millis(),
                new Evidence()
                        .expression("hashCondition", join.conditions().hashCond())
                        .name("hashPath", node.path())
                        .count("batches", batches(hash))
                        .count("plannedBatches", plannedBatches(hash))
                        .flag("misestimated", grown)
                        .count("rows", node.actualRows())
                        .number("estimatedRows", node.estimatedRows())
                        .count("tableBytes", tableBytes)
                        .count("workMemBytes", Memory.workMemBytes(context))
                        .count("neededBytes", needed)
                        .map());
    }
}
