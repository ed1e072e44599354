// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import static io.viewkeeper.optimizer.finding.Plans.node;
import static io.viewkeeper.optimizer.finding.Plans.plan;
import static io.viewkeeper.optimizer.finding.Plans.scan;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.viewkeeper.optimizer.plan.NodeType;
import org.junit.jupiter.api.Test;

class WideRowsTest {
    private static final double TEN_MEGABYTES = 10 << 20;
    private final Rule rule = new WideRows();

    private static Plans.Node sort(double rows, int width) {
        return node(NodeType.SORT, scan(NodeType.SEQ_SCAN, "letters").actual(rows, 20))
                .estimated(1, width)
                .output("letters.id", "letters.body")
                .actual(5, 60);
    }

    @Test
    void tellsHowMuchWasCopied() {
        var finding =
                plan(100, sort(TEN_MEGABYTES / 1_024, 1_024)).findings(rule).getFirst();

        assertThat(finding.impactMillis()).isEqualTo(40);
        assertThat(finding.evidence())
                .containsExactly(
                        entry("nodeType", "Sort"),
                        entry("widthBytes", 1_024L),
                        entry("bytes", 10_485_760L),
                        entry("columns", 2L));
        assertThat(finding.what()).isEqualTo("The Sort copied rows of about 1,024 bytes, 10 MB in all.");
    }

    @Test
    void leavesNarrowAndFewRowsAlone() {
        assertThat(plan(100, sort(TEN_MEGABYTES / 1_024 - 1, 1_024)).findings(rule))
                .isEmpty();
        assertThat(plan(100, sort(1_000_000, 499)).findings(rule)).isEmpty();
        assertThat(plan(100, sort(1_000_000, 500)).findings(rule)).hasSize(1);
        assertThat(plan(
                                100,
                                scan(NodeType.SEQ_SCAN, "letters")
                                        .estimated(1, 900)
                                        .actual(90_000, 20))
                        .findings(rule))
                .isEmpty();
        assertThat(plan(100, node(NodeType.SORT).actual(90_000, 20)).findings(rule))
                .isEmpty();
    }

    @Test
    void countsItsOwnRowsWhereItHasNoInput() {
        assertThat(plan(100, node(NodeType.CTE_SCAN).estimated(1, 1_024).actual(10_240, 20))
                        .findings(rule))
                .hasSize(1);
    }
}
