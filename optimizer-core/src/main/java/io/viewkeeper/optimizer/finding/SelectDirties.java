// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import io.viewkeeper.optimizer.plan.NodeType;
import io.viewkeeper.optimizer.plan.PlanNode;
import java.util.List;

/**
 * A statement that only reads changed blocks: it was the first to read new rows and marked them as committed (hint bits), or
 * pruned dead ones.
 *
 * <pre>
 * Seq Scan on orders (actual time=0.1..95)           Seq Scan on orders (actual time=0.1..40)
 *   Buffers: shared hit=3092 dirtied=3092        →     Buffers: shared hit=3092
 * </pre>
 */
final class SelectDirties implements Rule {
    static final long LEAST_BLOCKS = 1_000;

    @Override
    public String id() {
        return "select-dirties";
    }

    @Override
    public List<Finding> check(Context context) {
        boolean writes = context.plan().nodes().stream()
                .anyMatch(node -> node.type() == NodeType.MODIFY_TABLE || node.type() == NodeType.LOCK_ROWS);
        if (writes) {
            return List.of();
        }
        return context.plan().nodes().stream()
                .filter(node ->
                        OwnBlocks.of(node).dirtied() + OwnBlocks.of(node).written() >= LEAST_BLOCKS)
                .map(node -> finding(context, node))
                .toList();
    }

    private Finding finding(Context context, PlanNode node) {
        var own = OwnBlocks.of(node);
        double share = Math.min(1, (double) Math.max(own.dirtied(), own.written()) / Math.max(1, own.touched()));
        var impact = Impact.share(context, node, share);
        String relation = Wording.relation(node);
        return new Finding(
                id(),
                impact.severity(),
                node.path(),
                "Reading %s changed %s blocks and wrote %s, although the statement changes no row."
                        .formatted(relation, Wording.count(own.dirtied()), Wording.count(own.written())),
                "Run %s after bulk changes, so that the first reader need not mark the rows and clean up."
                        .formatted(
                                node.target().relation() == null
                                        ? "vacuum"
                                        : "vacuum (analyze) " + Wording.quotedRelation(node)),
                impact.millis(),
                Evidence.of(context, impact)
                        .name("relation", relation)
                        .count("blocksDirtied", own.dirtied())
                        .count("blocksWritten", own.written())
                        .count("blocksTouched", own.touched())
                        .map());
    }
}
