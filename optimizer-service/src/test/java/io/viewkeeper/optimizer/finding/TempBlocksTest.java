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
}
