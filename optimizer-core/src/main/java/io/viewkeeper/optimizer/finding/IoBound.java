// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import io.viewkeeper.optimizer.plan.PlanNode;
import java.util.List;
import java.util.stream.Stream;

/**
 * Most of a node's time was waiting for reads and writes.
 *
 * <pre>
 * Sort (actual time=320..480)                               Sort (actual time=210..250)
 *   Sort Method: external merge  Disk: 60000kB         →      Sort Method: quicksort  Memory: 90000kB
 *   I/O Timings: temp read=120 write=160
 * </pre>
 */
final class IoBound implements Rule {
    /** Of the node's own time. */
    static final double LEAST_SHARE = 0.5;

    @Override
    public String id() {
        return "io-bound";
    }

    @Override
    public List<Finding> check(Context context) {
        if (!context.times().known()) {
            return List.of();
        }
        return context.plan().nodes().stream()
                .flatMap(node -> check(context, node))
                .toList();
    }

    private Stream<Finding> check(Context context, PlanNode node) {
        var own = OwnBlocks.of(node);
        double exclusive = context.exclusive(node);
        Double told = own.ioMillis();
        double io = told == null ? 0 : told / processes(node);
        boolean most = exclusive > 0 && io >= LEAST_SHARE * exclusive;
        return most ? Stream.of(finding(context, node, own, Math.min(io, exclusive))) : Stream.empty();
    }

    /** Processes wait side by side: their sum is not elapsed time. */
    private static double processes(PlanNode node) {
        return 1.0 + node.workers().size();
    }

    private Finding finding(Context context, PlanNode node, OwnBlocks own, double io) {
        var impact = Impact.of(context, io);
        double exclusive = context.exclusive(node);
        String relation = Wording.relation(node);
        boolean temporary = own.temporary() > own.read();
        return new Finding(
                id(),
                impact.severity(),
                node.path(),
                "%s of the time of the step on %s was waiting for the disk."
                        .formatted(Wording.percent(io / exclusive), relation),
                temporary
                        ? "It waits for temporary files: more work_mem, or fewer and narrower rows, avoid them."
                        : "Read fewer blocks (an index, partitions, a materialized view), give the server more memory, or"
                                + " faster disks; on fast disks raise effective_io_concurrency.",
                impact.millis(),
                Evidence.of(context, impact)
                        .name("relation", relation)
                        .name("nodeType", node.typeName())
                        .number("ioMillis", io)
                        .number("exclusiveMillis", exclusive)
                        .number("ioShare", io / exclusive)
                        .count("blocksRead", own.read())
                        .count("tempBlocks", own.temporary())
                        .map());
    }
}
