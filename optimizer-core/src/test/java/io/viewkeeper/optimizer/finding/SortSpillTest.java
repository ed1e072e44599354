// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import static io.viewkeeper.optimizer.finding.Plans.node;
import static io.viewkeeper.optimizer.finding.Plans.plan;
import static io.viewkeeper.optimizer.finding.Plans.scan;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.viewkeeper.optimizer.plan.Detail;
import io.viewkeeper.optimizer.plan.NodeType;
import io.viewkeeper.optimizer.plan.SortRun;
import io.viewkeeper.optimizer.plan.Worker;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SortSpillTest {
    private final Rule rule = new SortSpill();

    private static Plans.Node sort(@Nullable SortRun run) {
        return node(NodeType.SORT, scan(NodeType.SEQ_SCAN, "orders").actual(1_000, 40))
                .actual(1_000, 100)
                .detail(new Detail.Sort(List.of("orders.placed_at", "(orders.n + 1)"), run));
    }

    private static Worker worker(int number, @Nullable SortRun run) {
        return new Worker(number, null, null, run, Map.of());
    }

    @Test
    void tellsHowMuchMemoryWouldDo() {
        var finding = plan(100, sort(new SortRun("external merge", 2_048, "Disk")))
                .findings(rule)
                .getFirst();

        assertThat(finding.impactMillis()).isEqualTo(60);
        assertThat(finding.severity()).isEqualTo(Severity.CRITICAL);
        assertThat(finding.nodePath()).isEqualTo("0");
        assertThat(finding.evidence())
                .containsExactly(
                        entry("sortKeys", List.of("orders.placed_at", "(orders.n + ?)")),
                        entry("rows", 1_000L),
                        entry("method", "external merge"),
                        entry("diskBytes", 2_048L * 1_024),
                        entry("processes", 1L),
                        entry("workMemBytes", 4L << 20),
                        entry("neededBytes", 2_048L * 1_024 + 56_000));
        assertThat(finding.what())
                .isEqualTo("A sort of 1,000 rows wrote 2.0 MB to temporary files: work_mem is usually 4.0 MB.");
        assertThat(finding.advice()).startsWith("Give this statement a work_mem of about 3 MB");
    }

    @Test
    void takesTheSettingOfThePlan() {
        var finding = plan(100, sort(new SortRun("external merge", 2_048, "Disk")))
                .setting("work_mem", "64kB")
                .findings(rule)
                .getFirst();

        assertThat(finding.evidence()).containsEntry("workMemBytes", 65_536L);
    }

    @Test
    void looksAtWorkersToo() {
        var sort = sort(null)
                .worker(worker(0, new SortRun("external merge", 3_072, "Disk")))
                .worker(worker(1, new SortRun("quicksort", 900, "Memory")))
                .worker(worker(2, null));

        var finding = plan(100, sort).findings(rule).getFirst();

        assertThat(finding.evidence())
                .containsEntry("diskBytes", 3_072L * 1_024)
                .containsEntry("processes", 2L)
                .containsEntry("method", "external merge")
                .containsEntry("neededBytes", 3_072L * 1_024 + 500 * 56);
    }

    @Test
    void leavesSortsInMemoryAlone() {
        assertThat(plan(100, sort(new SortRun("quicksort", 9_999, "Memory"))).findings(rule))
                .isEmpty();
        assertThat(plan(100, sort(null)).findings(rule)).isEmpty();
    }
}
