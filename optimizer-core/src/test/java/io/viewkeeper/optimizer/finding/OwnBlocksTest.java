// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import static io.viewkeeper.optimizer.finding.Plans.node;
import static io.viewkeeper.optimizer.finding.Plans.plan;
import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.optimizer.plan.Buffers;
import io.viewkeeper.optimizer.plan.NodeType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OwnBlocksTest {
    private static Buffers buffers(int factor, @Nullable Double readMillis, @Nullable Double tempWriteMillis) {
        return new Buffers(
                new Buffers.Blocks(1L * factor, 2L * factor, 3L * factor, 4L * factor),
                new Buffers.Blocks(9, 9, 9, 9),
                5L * factor,
                6L * factor,
                readMillis,
                null,
                null,
                tempWriteMillis);
    }

    private static OwnBlocks own(Plans.Node parent) {
        return OwnBlocks.of(plan(1, parent).plan().root());
    }

    @Test
    void leavesOutWhatAllChildrenTouched() {
        var parent = node(
                        NodeType.HASH_JOIN,
                        node(NodeType.SEQ_SCAN).buffers(buffers(10, 3.0, null)),
                        node(NodeType.HASH).buffers(buffers(20, 1.0, 2.0)))
                .buffers(buffers(100, 30.0, 10.0));

        assertThat(own(parent)).isEqualTo(new OwnBlocks(70, 140, 210, 280, 350, 420, 34.0));
        assertThat(own(parent).touched()).isEqualTo(210);
        assertThat(own(parent).temporary()).isEqualTo(770);
    }

    @Test
    void isNeverNegative() {
        var parent = node(NodeType.LIMIT, node(NodeType.SEQ_SCAN).buffers(buffers(20, 9.0, null)))
                .buffers(buffers(10, 5.0, null));

        assertThat(own(parent)).isEqualTo(new OwnBlocks(0, 0, 0, 0, 0, 0, 0.0));
    }

    @Test
    void knowsNothingWithoutBuffers() {
        assertThat(own(node(NodeType.SEQ_SCAN))).isEqualTo(new OwnBlocks(0, 0, 0, 0, 0, 0, null));
    }

    @Test
    void knowsNoTimeWhereItIsNotTracked() {
        var parent = node(NodeType.LIMIT, node(NodeType.SEQ_SCAN).buffers(buffers(1, null, null)))
                .buffers(buffers(2, null, null));
        assertThat(own(parent).ioMillis()).isNull();
        var partly = node(NodeType.LIMIT, node(NodeType.SEQ_SCAN).buffers(buffers(1, null, null)))
                .buffers(buffers(2, 4.0, null));
        assertThat(own(partly).ioMillis()).isEqualTo(4);
    }
}
