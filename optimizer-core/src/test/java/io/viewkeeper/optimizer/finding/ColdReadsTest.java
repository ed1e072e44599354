// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import static io.viewkeeper.optimizer.finding.Plans.plan;
import static io.viewkeeper.optimizer.finding.Plans.scan;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.viewkeeper.optimizer.plan.Buffers;
import io.viewkeeper.optimizer.plan.NodeType;
import org.junit.jupiter.api.Test;

class ColdReadsTest {
    private final Rule rule = new ColdReads();

    private static Plans.Node orders(long hit, long read) {
        return scan(NodeType.SEQ_SCAN, "orders").actual(100, 40).blocks(hit, read);
    }

    @Test
    void tellsHowMuchWasRead() {
        var finding = plan(100, orders(1_000, 1_000)).findings(rule).getFirst();

        assertThat(finding.impactMillis()).isEqualTo(20);
        assertThat(finding.evidence())
                .containsExactly(
                        entry("relation", "public.orders"),
                        entry("blocksRead", 1_000L),
                        entry("blocksHit", 1_000L),
                        entry("readShare", 0.5),
                        entry("bytesRead", 8_192_000L));
        assertThat(finding.what())
                .isEqualTo("7.8 MB of public.orders, 50 % of the blocks touched, were not in the server's memory.");
    }

    @Test
    void tellsTheTimeOfWaitingWhereItIsKnown() {
        var blocks = new Buffers(
                new Buffers.Blocks(0, 1_000, 0, 0), new Buffers.Blocks(0, 0, 0, 0), 0, 0, 12.5, null, null, null);

        assertThat(plan(100, orders(0, 1).buffers(blocks))
                        .findings(rule)
                        .getFirst()
                        .evidence())
                .containsEntry("ioMillis", 12.5);
    }

    @Test
    void leavesFewReadsAndASmallShareAlone() {
        assertThat(plan(100, orders(0, 999)).findings(rule)).isEmpty();
        assertThat(plan(100, orders(1_001, 1_000)).findings(rule)).isEmpty();
        assertThat(plan(100, scan(NodeType.SEQ_SCAN, "orders").actual(1, 1)).findings(rule))
                .isEmpty();
    }
}
