// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import static io.viewkeeper.optimizer.finding.Plans.node;
import static io.viewkeeper.optimizer.finding.Plans.plan;
import static io.viewkeeper.optimizer.finding.Plans.scan;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.viewkeeper.optimizer.plan.Detail;
import io.viewkeeper.optimizer.plan.NodeType;
import java.util.List;
import org.junit.jupiter.api.Test;

class LargeOffsetTest {
    private final Rule rule = new LargeOffset();

    private static Plans.Node limit(double rows, double made) {
        return node(NodeType.LIMIT, scan(NodeType.INDEX_SCAN, "orders").actual(made, 80))
                .actual(rows, 100);
    }

    @Test
    void countsSkippedRows() {
        var finding = plan(100, limit(100, 1_100)).findings(rule).getFirst();

        assertThat(finding.nodePath()).isEqualTo("0");
        assertThat(finding.impactMillis()).isEqualTo(100 * 1_000.0 / 1_100);
        assertThat(finding.evidence()).containsExactly(entry("rowsReturned", 100L), entry("rowsSkipped", 1_000L));
        assertThat(finding.what()).isEqualTo("An OFFSET skipped 1,000 rows to return 100.");
        assertThat(finding.advice()).startsWith("Go on where the last page ended");
    }

    @Test
    void wantsAThousandRowsAndNineTenths() {
        assertThat(plan(100, limit(10, 1_009)).findings(rule)).isEmpty();
        assertThat(plan(100, limit(1_000, 10_000)).findings(rule)).hasSize(1);
        assertThat(plan(100, limit(1_001, 10_000)).findings(rule)).isEmpty();
        assertThat(plan(100, node(NodeType.LIMIT).actual(0, 1)).findings(rule)).isEmpty();
        assertThat(plan(100, limit(100, 1_100).neverExecuted()).findings(rule)).isEmpty();
        assertThat(plan(100, node(NodeType.RESULT, limit(9, 9)).actual(0, 1)).findings(rule))
                .isEmpty();
    }

    @Test
    void namesTheOrder() {
        var sort = node(NodeType.SORT).actual(5_000, 50).detail(new Detail.Sort(List.of("orders.id DESC"), null));

        assertThat(plan(100, node(NodeType.LIMIT, sort).actual(10, 60))
                        .findings(rule)
                        .getFirst()
                        .evidence())
                .containsEntry("sortKeys", List.of("orders.id DESC"));
    }
}
