// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import static io.viewkeeper.optimizer.finding.Plans.node;
import static io.viewkeeper.optimizer.finding.Plans.plan;
import static io.viewkeeper.optimizer.finding.Plans.scan;
import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.optimizer.plan.Detail;
import io.viewkeeper.optimizer.plan.Estimate;
import io.viewkeeper.optimizer.plan.NodeType;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RankingTest {
    private static Finding finding(String rule, @Nullable String path, @Nullable Double millis) {
        return new Finding(rule, Severity.WARNING, path, "What.", "Advice.", millis, Map.of());
    }

    private static List<String> order(Finding... findings) {
        return Ranking.ordered(List.of(findings), 100).stream()
                .map(Finding::rule)
                .toList();
    }

    @Test
    void putsCausesBeforeStatisticsAndThoseBeforeSymptoms() {
        assertThat(order(
                        finding("cold-reads", "0.0", 90.0),
                        finding("misestimate", "0.1", 85.0),
                        finding("sort-spill", "0", 30.0)))
                .containsExactly("sort-spill", "misestimate", "cold-reads");
    }

    /** Nobody begins with what is a tenth where an estimate decides about all. */
    @Test
    void doesNotPutAllCausesFirst() {
        assertThat(order(finding("sort-spill", "0", 10.0), finding("misestimate", "0.1", 90.0)))
                .containsExactly("misestimate", "sort-spill");
    }

    @Test
    void ordersCausesByTheirTime() {
        assertThat(order(finding("sort-spill", "0", 30.0), finding("seq-scan-filters-most", "0.0", 60.0)))
                .containsExactly("seq-scan-filters-most", "sort-spill");
    }

    @Test
    void beginsWithWhatChanged() {
        assertThat(order(finding("seq-scan-filters-most", "0", 99.0), finding("plan-regression", null, 50.0)))
                .containsExactly("plan-regression", "seq-scan-filters-most");
    }

    @Test
    void leavesOutWhatAnotherExplains() {
        assertThat(order(finding("costly-nested-loop", "0.0", 90.0), finding("inner-seq-scan", "0.0.1", 80.0)))
                .containsExactly("inner-seq-scan");
        assertThat(order(finding("costly-nested-loop", "0.0", 90.0), finding("inner-seq-scan", "0.0.1", 20.0)))
                .as("it explains a part only")
                .hasSize(2);
        assertThat(order(finding("costly-nested-loop", "0.0", 40.0), finding("inner-seq-scan", "0.1", 40.0)))
                .as("it is elsewhere")
                .hasSize(2);
        assertThat(order(finding("costly-nested-loop", "0.1", 40.0), finding("inner-seq-scan", "0.10", 40.0)))
                .as("it is elsewhere though the paths begin alike")
                .hasSize(2);
    }

    @Test
    void ordersByCostWhereNothingWasTimed() {
        var cheap = new Finding("sort-spill", Severity.INFO, "0", "What.", "Advice.", null, Map.of("costShare", 0.1));
        var dear = new Finding("late-limit", Severity.INFO, "0.0", "What.", "Advice.", null, Map.of("costShare", 0.9));
        assertThat(Ranking.ordered(List.of(cheap, dear), 0)).containsExactly(dear, cheap);
    }

    /** Each partition is below what is reported; together they are all there is. */
    @Test
    void addsUpWhatHoldsForEachPartition() {
        var partitions = new Plans.Node[40];
        for (int i = 0; i < partitions.length; i++) {
            partitions[i] = partition(i + 1);
        }
        var append = node(NodeType.APPEND, partitions).actual(40, 360).estimate(new Estimate(0, 40_000, 40, 8));

        assertThat(Findings.of(plan(370, node(NodeType.AGGREGATE, append).actual(1, 370))
                        .context()))
                .filteredOn(finding -> finding.rule().equals("seq-scan-filters-most"))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.nodePath()).isEqualTo("0.0");
                    assertThat(finding.impactMillis()).isBetween(350.0, 360.0);
                    assertThat(finding.what()).endsWith("The same holds for 39 more partitions of m.");
                    assertThat(finding.advice())
                            .contains(
                                    "\"public\".\"m_2026_1\" (\"sensor\")",
                                    "on \"public\".\"m_2026_11\" (\"sensor\"); and the same on 29 more")
                            .endsWith("without concurrently, which brings it to all and stops writes meanwhile.");
                    assertThat(finding.evidence())
                            .containsEntry("partitions", 40)
                            .containsEntry("partitionedTable", "m");
                });
    }

    @Test
    void tellsColdReadsOncePerTable() {
        var append = node(
                        NodeType.APPEND,
                        partition(1).blocks(0, 5_000),
                        partition(2).blocks(0, 5_000),
                        scan(NodeType.SEQ_SCAN, "other").actual(1, 9).blocks(0, 5_000))
                .actual(3, 27)
                .blocks(0, 15_000);

        assertThat(Findings.of(
                        plan(30, node(NodeType.RESULT, append).actual(3, 30).blocks(0, 15_000))
                                .context()))
                .filteredOn(finding -> finding.rule().equals("cold-reads"))
                .extracting(Finding::nodePath)
                .containsExactly("0.0");
    }

    private static Plans.Node partition(int number) {
        return node(NodeType.SEQ_SCAN)
                .relation("public", "m_2026_" + number, "m_" + number)
                .filter("(m_%d.sensor = ?)".formatted(number), 400_000)
                .estimate(new Estimate(0, 10_000, 1, 8))
                .actual(1, 9);
    }

    /** 35 GB of memory are no advice; nor is any where rows of one key fill a batch. */
    @Test
    void advisesNoMoreMemoryThanAStatementShouldHave() {
        assertThat(hashed(18_000_000, 2_000_000_000L, 512).getFirst()).satisfies(finding -> {
            assertThat(finding.evidence()).containsEntry("skewed", true);
            assertThat(finding.advice())
                    .startsWith("Rows of one key cannot be split into batches")
                    .doesNotContain("work_mem");
        });
        assertThat(hashed(900_000_000, 8_000_000L, 8_192).getFirst()).satisfies(finding -> {
            assertThat(finding.evidence()).containsEntry("skewed", false);
            assertThat(finding.advice()).contains("Memory is no remedy, since it would take a work_mem of");
        });
    }

    private static List<Finding> hashed(double rows, long peakBytes, long batches) {
        var hash = node(NodeType.HASH, scan(NodeType.SEQ_SCAN, "b").actual(rows, 20))
                .estimated(rows, 40)
                .actual(rows, 25)
                .detail(new Detail.Hash(1_024L, 1_024L, batches, batches, peakBytes / 1_024));
        return plan(
                        100,
                        node(NodeType.HASH_JOIN, scan(NodeType.SEQ_SCAN, "a").actual(400, 20), hash)
                                .actual(400, 100))
                .findings(new HashBatches());
    }
}
