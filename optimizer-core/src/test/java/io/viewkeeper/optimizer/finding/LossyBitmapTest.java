// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import static io.viewkeeper.optimizer.finding.Plans.plan;
import static io.viewkeeper.optimizer.finding.Plans.scan;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.viewkeeper.optimizer.plan.Detail;
import io.viewkeeper.optimizer.plan.NodeType;
import io.viewkeeper.optimizer.plan.Removals;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LossyBitmapTest {
    private final Rule rule = new LossyBitmap();

    private static Plans.Node bitmap(@Nullable Long exact, @Nullable Long lossy) {
        return scan(NodeType.BITMAP_HEAP_SCAN, "points")
                .actual(500, 25, 2)
                .removals(new Removals(0, 700, 0))
                .detail(new Detail.BitmapHeap(exact, lossy));
    }

    @Test
    void tellsHowMuchMemoryWouldDo() {
        var finding = plan(100, bitmap(9_000L, 1_000L))
                .setting("work_mem", "64kB")
                .findings(rule)
                .getFirst();

        assertThat(finding.impactMillis()).isEqualTo(5);
        assertThat(finding.severity()).isEqualTo(Severity.INFO);
        assertThat(finding.evidence())
                .containsExactly(
                        entry("relation", "public.points"),
                        entry("lossyBlocks", 1_000L),
                        entry("exactBlocks", 9_000L),
                        entry("rowsRemovedByRecheck", 1_400L),
                        entry("workMemBytes", 65_536L),
                        entry("neededBytes", 640_000L));
        assertThat(finding.what())
                .isEqualTo("The bitmap of public.points did not fit into work_mem: of 1,000 pages all rows were checked"
                        + " again, and 1,400 thrown away.");
        assertThat(finding.advice())
                .startsWith(
                        "Give this statement a work_mem of about 1 MB (each sort and hash of each process may take that much),");
    }

    @Test
    void leavesExactBitmapsAndIndexesOfPagesAlone() {
        assertThat(plan(100, bitmap(9_001L, 1_000L)).findings(rule)).isEmpty();
        assertThat(plan(100, bitmap(10L, 0L)).findings(rule)).isEmpty();
        assertThat(plan(100, bitmap(0L, 10L)).findings(rule)).isEmpty();
        assertThat(plan(100, bitmap(null, null)).findings(rule)).isEmpty();
    }
}
