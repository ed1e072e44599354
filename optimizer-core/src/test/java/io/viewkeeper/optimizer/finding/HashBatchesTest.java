// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import static io.viewkeeper.optimizer.finding.Plans.node;
import static io.viewkeeper.optimizer.finding.Plans.plan;
import static io.viewkeeper.optimizer.finding.Plans.scan;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.viewkeeper.optimizer.plan.Detail;
import io.viewkeeper.optimizer.plan.NodeType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HashBatchesTest {
    private final Rule rule = new HashBatches();

    private static Plans.Node join(NodeType type, @Nullable Long batches, @Nullable Long planned) {
        var hash = node(NodeType.HASH, scan(NodeType.SEQ_SCAN, "parts").actual(200, 15))
                .estimated(50)
                .actual(400_000, 25)
                .detail(new Detail.Hash(1_024L, 1_024L, batches, planned, 1_024L));
        return node(type, scan(NodeType.SEQ_SCAN, "lines").actual(400, 20), hash)
                .condition("hashCond", "(lines.part_id = (parts.id + 1))")
                .actual(400, 100);
    }

    @Test
    void tellsHowMuchMemoryWouldDo() {
        var finding = plan(100, join(NodeType.HASH_JOIN, 8L, 8L)).findings(rule).getFirst();

        assertThat(finding.nodePath()).isEqualTo("0");
        assertThat(finding.impactMillis()).isEqualTo(55 + 10);
        assertThat(finding.evidence())
                .containsExactly(
                        entry("hashCondition", "(lines.part_id = (parts.id + ?))"),
                        entry("hashPath", "0.1"),
                        entry("batches", 8L),
                        entry("plannedBatches", 8L),
                        entry("misestimated", false),
                        entry("skewed", false),
                        entry("rows", 400_000L),
                        entry("estimatedRows", 50.0),
                        entry("tableBytes", 8_388_608L),
                        entry("workMemBytes", 4L << 20),
                        entry("neededBytes", 4_194_304L));
        assertThat(finding.what())
                .isEqualTo("The hash table of a join was split into 8 batches that went through temporary files.");
        assertThat(finding.advice())
                .isEqualTo(
                        "Give this statement a work_mem of about 4 MB (each sort and hash of each process may take that much), or join fewer rows or columns.");
    }

    @Test
    void saysSoWhereItGrew() {
        var finding = plan(100, join(NodeType.HASH_JOIN, 16L, 1L))
                .setting("hash_mem_multiplier", "1")
                .findings(rule)
                .getFirst();

        assertThat(finding.evidence()).containsEntry("misestimated", true).containsEntry("neededBytes", 16L << 20);
        assertThat(finding.what()).endsWith("temporary files, where 1 had been planned.");
        assertThat(finding.advice()).startsWith("The planner expected fewer rows: see to its estimate first.");
    }

    @Test
    void leavesOneBatchAlone() {
        assertThat(plan(100, join(NodeType.HASH_JOIN, 1L, 1L)).findings(rule)).isEmpty();
        assertThat(plan(100, join(NodeType.HASH_JOIN, null, null)).findings(rule))
                .isEmpty();
        assertThat(plan(100, join(NodeType.MERGE_JOIN, 8L, 8L)).findings(rule)).isEmpty();
        assertThat(plan(100, join(NodeType.HASH_JOIN, 2L, null))
                        .findings(rule)
                        .getFirst()
                        .evidence())
                .containsEntry("plannedBatches", 2L);
    }
}
