// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import static io.viewkeeper.optimizer.finding.Plans.node;
import static io.viewkeeper.optimizer.finding.Plans.plan;
import static io.viewkeeper.optimizer.finding.Plans.scan;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.viewkeeper.optimizer.plan.Detail;
import io.viewkeeper.optimizer.plan.NodeType;
import io.viewkeeper.optimizer.plan.Target;
import java.util.List;
import org.junit.jupiter.api.Test;

class TempBlocksTest {
    private final Rule rule = new TempBlocks();

    private static Plans.Node kept(long read, long written) {
        return node(NodeType.MATERIALIZE, scan(NodeType.SEQ_SCAN, "orders").actual(100, 20))
                .actual(100, 50)
                .tempBlocks(read, written);
    }

    private static Plans.Node cteScan(long read, long written) {
        return node(NodeType.CTE_SCAN)
                .target(new Target(null, null, "k", null, null, "kept", null, null, List.of()))
                .actual(100, 50)
                .tempBlocks(read, written);
    }

    @Test
    void tellsWhatWasWrittenAndRead() {
        var finding = plan(100, kept(28, 100)).findings(rule).getFirst();

        assertThat(finding.impactMillis()).isEqualTo(30);
        assertThat(finding.evidence())
                .containsExactly(
                        entry("nodeType", "Materialize"),
                        entry("rows", 100L),
                        entry("tempBlocksWritten", 100L),
                        entry("tempBlocksRead", 28L),
                        entry("workMemBytes", 4L << 20));
        assertThat(finding.what())
                .isEqualTo("The Materialize kept its rows in temporary files: 800 kB written, 224 kB read.");
        assertThat(finding.advice())
                .isEqualTo(
                        "Give this statement a work_mem of about 2 MB (each sort and hash of each process may take that much), or keep fewer or narrower rows.");
        assertThat(plan(100, kept(27, 100)).findings(rule)).isEmpty();
    }

    /** 300 loops read 1 MB again and again. */
    @Test
    void asksForNoMoreWhatIsReadMoreOften() {
        var again = node(NodeType.MATERIALIZE).actual(100, 1, 300).tempBlocks(300 * 128, 128);

        assertThat(plan(400, again).findings(rule).getFirst().advice())
                .startsWith("Give this statement a work_mem of about 4 MB ");
    }

    /** 17 and newer tell of the storage without BUFFERS. */
    @Test
    void seesTheDiskWithoutBuffers() {
        assertThat(plan(100, stored("Disk", 1_024L)).findings(rule))
                .extracting(Finding::what)
                .containsExactly("The Materialize kept its rows in temporary files: 1.0 MB.");
        assertThat(plan(100, stored("Disk", 1_023L)).findings(rule)).isEmpty();
        assertThat(plan(100, stored("Memory", 9_000L)).findings(rule)).isEmpty();
    }

    private static Plans.Node stored(String where, long kilobytes) {
        return node(NodeType.MATERIALIZE).actual(100, 50).detail(new Detail.Storage(where, kilobytes, null));
    }

    @Test
    void leavesSortsAndHashesToTheirRules() {
        for (var type : List.of(
                NodeType.SORT, NodeType.INCREMENTAL_SORT, NodeType.HASH, NodeType.HASH_JOIN, NodeType.AGGREGATE)) {
            assertThat(plan(100, node(type).actual(1, 50).tempBlocks(500, 500)).findings(rule))
                    .isEmpty();
        }
    }

    @Test
    void leavesNodesAloneThatOnlyRunASubplan() {
        var scanned = scan(NodeType.SEQ_SCAN, "orders").actual(1, 50).tempBlocks(500, 500);

        assertThat(plan(100, scanned).findings(rule)).isEmpty();
    }

    @Test
    void leavesOutWhatChildrenUsed() {
        var sort = node(NodeType.SORT).actual(1, 50).tempBlocks(500, 500);

        assertThat(plan(100, node(NodeType.WINDOW_AGG, sort).actual(1, 60).tempBlocks(500, 500))
                        .findings(rule))
                .isEmpty();
    }

    @Test
    void leavesOutWhatTheStatementOfACteUsed() {
        var body = node(NodeType.SORT).actual(1, 10).tempBlocks(300, 300).subplan("InitPlan", "CTE kept");
        var finding = plan(
                        100,
                        node(NodeType.RESULT, body, cteScan(400, 400))
                                .actual(1, 60)
                                .tempBlocks(700, 700))
                .findings(rule);

        assertThat(finding).hasSize(1);
        assertThat(finding.getFirst().evidence())
                .containsEntry("cte", "kept")
                .containsEntry("tempBlocksWritten", 100L)
                .containsEntry("tempBlocksRead", 100L);
        assertThat(finding.getFirst().advice()).contains("write \"not materialized\" at the CTE");
        assertThat(plan(
                                100,
                                node(NodeType.RESULT, body, cteScan(300, 400))
                                        .actual(1, 60)
                                        .tempBlocks(700, 700))
                        .findings(rule))
                .isEmpty();
    }

    /** The rows of {@code body} are kept; the CTE Scan wrote 512 blocks, and so did all its readers. */
    private List<Finding> read(NodeType body, double rows, int readers) {
        var nodes = new Plans.Node[readers + 1];
        nodes[0] = node(body).actual(rows, 10).subplan("InitPlan", "CTE kept");
        for (int i = 1; i <= readers; i++) {
            nodes[i] = cteScan(0, 512).relationship("Member");
        }
        return plan(200, node(NodeType.APPEND, nodes).actual(1, 60 * readers)).findings(rule);
    }

    /** Seen on 15 and 18: 8 MB are too little for 300,000 numbers, 17 to 21 MB are enough. */
    @Test
    void asksForTheMemoryThatKeepsThem() {
        assertThat(read(NodeType.RECURSIVE_UNION, 300_000, 1).getFirst().advice())
                .startsWith("Give this statement a work_mem of about 22 MB ");
    }

    @Test
    void whatIsAlwaysKeptIsNotToBeWrittenIntoTheQuery() {
        for (var body : List.of(NodeType.RECURSIVE_UNION, NodeType.MODIFY_TABLE, NodeType.LOCK_ROWS)) {
            assertThat(read(body, 1_000, 1).getFirst().advice())
                    .contains("is always kept")
                    .doesNotContain("not materialized");
        }
    }

    @Test
    void tellsWhatNotMaterializedCostsAndWhereItDoesNothing() {
        assertThat(read(NodeType.SEQ_SCAN, 1_000, 1).getFirst().advice())
                .contains("\"not materialized\" at the CTE (without effect where it calls a volatile function)");
        assertThat(read(NodeType.SEQ_SCAN, 1_000, 3).getFirst().advice())
                .contains("computed in each of the 3 places that read it; without effect");
    }

    /** The worktable scan reads what the union keeps: one place, told once. */
    @Test
    void theRoundsOfARecursionAreTheUnions() {
        var work = node(NodeType.WORK_TABLE_SCAN).actual(37_500, 5, 4).tempBlocks(1_588, 4);
        var union = node(NodeType.RECURSIVE_UNION, node(NodeType.RESULT).actual(1, 1), work)
                .actual(200_000, 60)
                .tempBlocks(1_588, 1_588)
                .detail(new Detail.Storage("Disk", 6_348L, null));

        assertThat(plan(100, union).findings(rule)).singleElement().satisfies(finding -> {
            assertThat(finding.nodePath()).isEqualTo("0");
            assertThat(finding.advice())
                    .startsWith("Give this statement a work_mem of about 17 MB ")
                    .endsWith("or keep fewer or narrower rows.");
        });
    }
}
