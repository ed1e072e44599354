// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import static io.viewkeeper.optimizer.finding.Plans.node;
import static io.viewkeeper.optimizer.finding.Plans.plan;
import static io.viewkeeper.optimizer.finding.Plans.scan;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.viewkeeper.optimizer.plan.Buffers;
import io.viewkeeper.optimizer.plan.NodeType;
import io.viewkeeper.optimizer.plan.Worker;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class IoBoundTest {
    private final Rule rule = new IoBound();

    private static Buffers io(@Nullable Double read, @Nullable Double tempWrite) {
        return new Buffers(
                new Buffers.Blocks(0, 300, 0, 0), new Buffers.Blocks(0, 0, 0, 0), 0, 200, read, null, null, tempWrite);
    }

    private static Plans.Node orders(@Nullable Double read, @Nullable Double tempWrite) {
        return scan(NodeType.SEQ_SCAN, "orders").actual(100, 40).buffers(io(read, tempWrite));
    }

    @Test
    void comparesWaitingWithTheNodesOwnTime() {
        var finding = plan(100, orders(15.0, 5.0)).findings(rule).getFirst();

        assertThat(finding.impactMillis()).isEqualTo(20);
        assertThat(finding.evidence())
                .containsExactly(
                        entry("relation", "public.orders"),
                        entry("nodeType", "Seq Scan"),
                        entry("ioMillis", 20.0),
                        entry("exclusiveMillis", 40.0),
                        entry("ioShare", 0.5),
                        entry("blocksRead", 300L),
                        entry("tempBlocks", 200L));
        assertThat(finding.what()).isEqualTo("50 % of the time of the step on public.orders was waiting for the disk.");
        assertThat(finding.advice()).startsWith("Read fewer blocks");
    }

    @Test
    void leavesLessThanHalfAlone() {
        assertThat(plan(100, orders(19.9, null)).findings(rule)).isEmpty();
        assertThat(plan(100, orders(null, null)).findings(rule)).isEmpty();
        assertThat(plan(100, orders(null, 20.0)).findings(rule)).hasSize(1);
    }

    @Test
    void neverCostsMoreThanTheNode() {
        assertThat(plan(100, orders(55.0, null)).findings(rule).getFirst().impactMillis())
                .isEqualTo(40);
    }

    @Test
    void sharesTheWaitingOfParallelProcesses() {
        var helped = orders(40.0, null).worker(new Worker(0, null, null, null, Map.of()));

        assertThat(plan(100, helped).findings(rule).getFirst().impactMillis()).isEqualTo(20);
    }

    @Test
    void saysSoWhereItIsTemporaryFiles() {
        var blocks = new Buffers(
                new Buffers.Blocks(0, 0, 0, 0), new Buffers.Blocks(0, 0, 0, 0), 100, 100, null, null, 10.0, 10.0);
        var sort = node(NodeType.SORT).actual(1, 30).buffers(blocks);

        assertThat(plan(100, sort).findings(rule).getFirst().advice()).startsWith("It waits for temporary files");
    }

    @Test
    void saysNothingWithoutTimes() {
        assertThat(plan(100, scan(NodeType.SEQ_SCAN, "a").untimed(1, 1).buffers(io(9.0, null)))
                        .findings(rule))
                .isEmpty();
        assertThat(plan(100, scan(NodeType.SEQ_SCAN, "a").neverExecuted().buffers(io(9.0, null)))
                        .findings(rule))
                .isEmpty();
    }
}
