// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import io.viewkeeper.optimizer.plan.NodeType;
import io.viewkeeper.optimizer.plan.PlanNode;
import java.util.List;

/**
 * Most blocks were not in the server's memory.
 *
 * <pre>
 * Seq Scan on orders (actual time=0.3..120)          Seq Scan on orders (actual time=0.1..40)
 *   Buffers: shared read=3092                    →     Buffers: shared hit=3092
 * </pre>
 */
final class ColdReads implements Rule {
    static final long LEAST_BLOCKS = 1_000;
    /** Of the blocks touched. */
    static final double LEAST_SHARE = 0.5;

    @Override
    public String id() {
        return "cold-reads";
    }

    @Override
    public List<Finding> check(Context context) {
        return context.plan().nodes().stream()
                .filter(node -> cold(OwnBlocks.of(node)))
                .map(node -> finding(context, node))
                .toList();
    }

    private static boolean cold(OwnBlocks own) {
        return own.read() >= LEAST_BLOCKS && readShare(own) >= LEAST_SHARE;
    }

    private static double readShare(OwnBlocks own) {
        return (double) own.read() / own.touched();
    }

    private Finding finding(Context context, PlanNode node) {
        var own = OwnBlocks.of(node);
        // Not the I/O time: since 18 that is the waiting alone, and reading ahead costs more than the waiting shows.
        var impact = Impact.share(context, node, readShare(own));
        Double io = own.ioMillis();
        double bytes = (double) own.read() * context.server().blockSizeBytes();
        String relation = Wording.relation(node);
        var evidence = Evidence.of(context, impact)
                .name("relation", relation)
                .count("blocksRead", own.read())
                .count("blocksHit", own.hit())
                .number("readShare", readShare(own))
                .count("bytesRead", bytes);
        return new Finding(
                id(),
                impact.severity(),
                node.path(),
                "%s of %s, %s of the blocks touched, were not in the server's memory."
                        .formatted(Wording.size(bytes), relation, Wording.percent(readShare(own))),
                node.type() == NodeType.SEQ_SCAN
                        ? "Run it again: of a table larger than a quarter of shared_buffers a sequential scan keeps nothing, so it stays so. Read less (an index, narrower rows, partitions), or raise shared_buffers."
                        : "Run it again: if it stays so, what is read does not fit into shared_buffers. Read less (a more selective index, narrower rows, partitions), or raise shared_buffers.",
                impact.millis(),
                (io == null ? evidence : evidence.number("ioMillis", io)).map());
    }
}
