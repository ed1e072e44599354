// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import io.viewkeeper.optimizer.plan.Detail;
import io.viewkeeper.optimizer.plan.NodeType;
import io.viewkeeper.optimizer.plan.PlanNode;
import java.util.List;
import java.util.stream.Stream;

/**
 * A scan touches many more blocks than its rows fill: the table is bloated, or the rows that belong together lie far apart.
 *
 * <pre>
 * Seq Scan on jobs (rows=1000)                        Seq Scan on jobs (rows=1000)
 *   Buffers: shared hit=6370                      →     Buffers: shared hit=7
 *                                                       after VACUUM FULL, or a rewrite online
 * </pre>
 */
final class BlocksPerRow implements Rule {
    static final long LEAST_BLOCKS = 1_000;
    /** Blocks for each row where the rows' own size is not known: a row fills at most one. */
    static final double LEAST_PER_ROW = 2;
    /** Times the blocks that the rows would fill side by side, where their size is known. */
    static final double LEAST_FACTOR = 10;
    /** Of an index, from its root to a row. */
    private static final double BLOCKS_PER_SEARCH = 4;

    @Override
    public String id() {
        return "blocks-per-row";
    }

    @Override
    public List<Finding> check(Context context) {
        return context.plan().nodes().stream()
                .filter(node -> RowSource.isRelationScan(node.type()) && node.executed())
                .flatMap(node -> check(context, node))
                .toList();
    }

    private Stream<Finding> check(Context context, PlanNode node) {
        double blocks = OwnBlocks.of(node).touched() - searches(node);
        double rows = RowsRead.byFilterAndRecheck(node).total();
        boolean bloated = blocks >= LEAST_PER_ROW * rows;
        boolean scattered = blocks >= LEAST_FACTOR * blocksFilled(context, node, rows);
        boolean much = blocks >= LEAST_BLOCKS && (bloated || scattered) && mayBeItsOwn(context, node);
        return much ? Stream.of(finding(context, node, bloated)) : Stream.empty();
    }

    /**
     * A node's blocks are also those of the functions that it calls and of values stored out of line. Of a sequential scan its
     * cost tells at most how many blocks the table has.
     */
    private static boolean mayBeItsOwn(Context context, PlanNode node) {
        var estimate = node.estimate();
        if (node.type() != NodeType.SEQ_SCAN || estimate == null) {
            return true;
        }
        double perBlock = Settings.number(context, "seq_page_cost", 1);
        return OwnBlocks.of(node).touched() * perBlock <= estimate.totalCost() * context.loops(node);
    }

    /** What finding the way in an index costs in any case. */
    private static double searches(PlanNode node) {
        var actual = node.actual();
        if (actual == null || !(node.detail() instanceof Detail.Index index)) {
            return 0;
        }
        // Since 18 it is told: one loop searches for each value of an = ANY.
        Long told = index.searches();
        double searches = told == null ? 0 : told;
        return BLOCKS_PER_SEARCH * Math.max(actual.loops(), searches);
    }

    /** By rows that lie side by side; one block for each row where the table is not known. */
    private static double blocksFilled(Context context, PlanNode node, double rows) {
        var table = context.tableOf(node);
        if (table == null || table.rows() <= 0) {
            return Math.max(1, rows);
        }
        double blocks = (double) table.sizeBytes() / context.server().blockSizeBytes();
        return Math.max(1, Math.min(1, blocks / table.rows()) * rows);
    }

    private Finding finding(Context context, PlanNode node, boolean bloated) {
        double blocks = OwnBlocks.of(node).touched();
        double rows = RowsRead.byFilterAndRecheck(node).total();
        double filled = blocksFilled(context, node, rows);
        var impact = Impact.share(context, node, Math.max(0, 1 - filled / blocks));
        String relation = Wording.relation(node);
        return new Finding(
                id(),
                impact.severity(),
                node.path(),
                "%s blocks of %s were touched for %s rows."
                        .formatted(Wording.count(blocks), relation, Wording.count(rows)),
                bloated
                        ? "The table or its index holds much empty space or many dead rows, or the scan looks into large values that are stored apart (TOAST). Vacuum %s; if it stays so and no large value is asked for, rewrite it (vacuum full, which locks it) and rebuild its indexes (reindex concurrently)."
                                .formatted(Wording.quotedRelation(node))
                        : "Rows that are read together lie far apart: cluster %s by this index, partition it, or put the columns that are returned into the index (include)."
                                .formatted(Wording.quotedRelation(node)),
                impact.millis(),
                Evidence.of(context, impact)
                        .name("relation", relation)
                        .name("index", node.target().index())
                        .count("blocks", blocks)
                        .count("rowsRead", rows)
                        .count("blocksFilled", filled)
                        .flag("bloated", bloated)
                        .map());
    }
}
