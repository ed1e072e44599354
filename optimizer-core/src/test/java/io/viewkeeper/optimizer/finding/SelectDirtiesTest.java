// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import static io.viewkeeper.optimizer.finding.Plans.node;
import static io.viewkeeper.optimizer.finding.Plans.plan;
import static io.viewkeeper.optimizer.finding.Plans.scan;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.viewkeeper.optimizer.plan.Buffers;
import io.viewkeeper.optimizer.plan.NodeType;
import java.util.List;
import org.junit.jupiter.api.Test;

class SelectDirtiesTest {
    private final Rule rule = new SelectDirties();

    private static Plans.Node orders(long hit, long dirtied, long written) {
        return scan(NodeType.SEQ_SCAN, "orders").actual(100, 50).buffers(blocks(hit, dirtied, written));
    }

    private static Buffers blocks(long hit, long dirtied, long written) {
        return new Buffers(
                new Buffers.Blocks(hit, 0, dirtied, written),
                new Buffers.Blocks(0, 0, 0, 0),
                0,
                0,
                null,
                null,
                null,
                null);
    }

    @Test
    void blamesTheScan() {
        var finding = plan(
                        100,
                        node(NodeType.AGGREGATE, orders(2_000, 1_000, 0))
                                .actual(1, 60)
                                .buffers(blocks(2_000, 1_000, 0)))
                .findings(rule);

        assertThat(finding).hasSize(1);
        assertThat(finding.getFirst().nodePath()).isEqualTo("0.0");
        assertThat(finding.getFirst().impactMillis()).isEqualTo(25);
        assertThat(finding.getFirst().evidence())
                .containsExactly(
                        entry("relation", "public.orders"),
                        entry("blocksDirtied", 1_000L),
                        entry("blocksWritten", 0L),
                        entry("blocksTouched", 2_000L));
        assertThat(finding.getFirst().what())
                .isEqualTo(
                        "Reading public.orders changed 1,000 blocks and wrote 0, although the statement changes no row.");
        assertThat(finding.getFirst().advice()).startsWith("Run vacuum (analyze) \"public\".\"orders\" after");
    }

    @Test
    void countsWrittenBlocksToo() {
        assertThat(plan(100, orders(2_000, 500, 500)).findings(rule)).hasSize(1);
        assertThat(plan(100, orders(2_000, 500, 499)).findings(rule)).isEmpty();
        assertThat(plan(100, orders(500, 100, 1_500)).findings(rule).getFirst().impactMillis())
                .isEqualTo(50);
    }

    @Test
    void leavesStatementsAloneThatChangeRows() {
        for (var type : List.of(NodeType.MODIFY_TABLE, NodeType.LOCK_ROWS)) {
            assertThat(plan(100, node(type, orders(2_000, 1_000, 0)).actual(1, 60))
                            .findings(rule))
                    .isEmpty();
        }
    }
}
