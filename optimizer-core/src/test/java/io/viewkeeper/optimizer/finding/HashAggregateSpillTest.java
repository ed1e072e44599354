// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import static io.viewkeeper.optimizer.finding.Plans.node;
import static io.viewkeeper.optimizer.finding.Plans.plan;
import static io.viewkeeper.optimizer.finding.Plans.scan;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import com.fasterxml.jackson.databind.node.IntNode;
import io.viewkeeper.optimizer.plan.Detail;
import io.viewkeeper.optimizer.plan.NodeType;
import io.viewkeeper.optimizer.plan.Worker;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HashAggregateSpillTest {
    private final Rule rule = new HashAggregateSpill();

    private static Plans.Node groups(long plannedPartitions, @Nullable Long diskKb) {
        return node(NodeType.AGGREGATE, scan(NodeType.SEQ_SCAN, "orders").actual(9_000, 30))
                .estimated(50, 28)
                .actual(100, 100)
                .detail(new Detail.Aggregate(
                        "Hashed", "Simple", List.of("(orders.n / 10)"), plannedPartitions, 5L, 1_024L, diskKb));
    }

    @Test
    void tellsHowMuchMemoryWouldDo() {
        var finding = plan(100, groups(4, 3_072L)).findings(rule).getFirst();

        assertThat(finding.impactMillis()).isEqualTo(70);
        assertThat(finding.evidence())
                .containsExactly(
                        entry("groupKeys", List.of("(orders.n / ?)")),
                        entry("groups", 100L),
                        entry("estimatedGroups", 50.0),
                        entry("batches", 5L),
                        entry("planned", true),
                        entry("diskBytes", 3_145_728L),
                        entry("workMemBytes", 4L << 20),
                        entry("neededBytes", 2_097_152L));
        assertThat(finding.what()).isEqualTo("100 groups did not fit into memory: 3.0 MB went to temporary files.");
        assertThat(finding.advice())
                .startsWith(
                        "Give this statement a larger work_mem, probably more than 2 MB, and see in EXPLAIN (ANALYZE) whether it still takes several batches");
    }

    @Test
    void countsGroupsWhereFilesTellLess() {
        var many = groups(4, 1L).actual(1_000_000, 100);

        assertThat(plan(100, many).findings(rule).getFirst().evidence()).containsEntry("neededBytes", 50_000_000L);
    }

    @Test
    void looksAtWorkersToo() {
        var worker = new Worker(0, null, null, null, Map.of("Disk Usage", new IntNode(2_048)));
        var idle = new Worker(1, null, null, null, Map.of());

        var finding = plan(100, groups(0, null).worker(worker).worker(idle))
                .findings(rule)
                .getFirst();

        assertThat(finding.evidence()).containsEntry("diskBytes", 2_097_152L).containsEntry("planned", false);
        assertThat(finding.what()).endsWith("temporary files, which the planner had not expected.");
    }

    @Test
    void leavesGroupsInMemoryAlone() {
        assertThat(plan(100, groups(0, null)).findings(rule)).isEmpty();
        assertThat(plan(100, groups(0, 0L)).findings(rule)).isEmpty();
    }
}
