// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import static io.viewkeeper.optimizer.finding.Plans.plan;
import static io.viewkeeper.optimizer.finding.Plans.scan;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.viewkeeper.optimizer.plan.Detail;
import io.viewkeeper.optimizer.plan.Estimate;
import io.viewkeeper.optimizer.plan.NodeType;
import java.util.List;
import org.junit.jupiter.api.Test;

class BlocksPerRowTest {
    private final Rule rule = new BlocksPerRow();

    private static Plans.Node jobs(NodeType type, double rows, long blocks) {
        return scan(type, "jobs").actual(rows, 50).blocks(blocks, 0);
    }

    @Test
    void seesEmptySpace() {
        var finding = plan(
                        100,
                        jobs(NodeType.SEQ_SCAN, 400, 900).filter("(a = 1)", 100).blocks(900, 100))
                .findings(rule)
                .getFirst();

        assertThat(finding.impactMillis()).isEqualTo(25);
        assertThat(finding.evidence())
                .containsExactly(
                        entry("relation", "public.jobs"),
                        entry("blocks", 1_000L),
                        entry("rowsRead", 500L),
                        entry("blocksFilled", 500L),
                        entry("bloated", true));
        assertThat(finding.what()).isEqualTo("1,000 blocks of public.jobs were touched for 500 rows.");
        assertThat(finding.advice()).startsWith("The table or its index holds much empty space");
    }

    @Test
    void wantsTwoBlocksForEachRowAndAThousand() {
        assertThat(plan(100, jobs(NodeType.SEQ_SCAN, 501, 1_001)).findings(rule))
                .isEmpty();
        assertThat(plan(100, jobs(NodeType.SEQ_SCAN, 1, 999)).findings(rule)).isEmpty();
        assertThat(plan(100, jobs(NodeType.SEQ_SCAN, 0, 1_000)).findings(rule)).hasSize(1);
        assertThat(plan(100, jobs(NodeType.SAMPLE_SCAN, 1, 1_000)).findings(rule))
                .isEmpty();
        assertThat(plan(100, jobs(NodeType.SEQ_SCAN, 1, 1_000).neverExecuted()).findings(rule))
                .isEmpty();
    }

    /** Its cost covers the table's blocks: what is beyond are those of functions in its filter, or of values stored apart. */
    @Test
    void chargesNoTableWithBlocksThatItDoesNotHave() {
        var filtered = jobs(NodeType.SEQ_SCAN, 200, 65_002).filter("(open_orders(jobs.id) > 3)", 0);

        assertThat(plan(100, filtered.estimate(new Estimate(0, 54.5, 67, 16))).findings(rule))
                .isEmpty();
        assertThat(plan(100, filtered.estimate(new Estimate(0, 65_002, 67, 16))).findings(rule))
                .hasSize(1);
        assertThat(plan(100, filtered.estimate(new Estimate(0, 6_501, 67, 16)))
                        .setting("seq_page_cost", "0.1")
                        .findings(rule))
                .hasSize(1);
    }

    @Test
    void grantsAnIndexItsSearches() {
        var lookups = scan(NodeType.INDEX_SCAN, "jobs")
                .index("jobs_pkey")
                .detail(new Detail.Index(null, null))
                .actual(1, 0.1, 500);
        var searched = scan(NodeType.INDEX_SCAN, "jobs")
                .detail(new Detail.Index(null, 500L))
                .actual(500, 50);

        assertThat(plan(100, searched.blocks(2_999, 0)).findings(rule)).isEmpty();
        assertThat(plan(100, searched.blocks(3_000, 0)).findings(rule)).hasSize(1);

        assertThat(plan(100, lookups.blocks(2_999, 0)).findings(rule)).isEmpty();
        assertThat(plan(100, lookups.blocks(3_000, 0)).findings(rule)).hasSize(1);
        assertThat(plan(
                                100,
                                scan(NodeType.BITMAP_HEAP_SCAN, "jobs")
                                        .actual(1, 0.1, 500)
                                        .blocks(1_000, 0))
                        .findings(rule))
                .hasSize(1);
    }

    @Test
    void seesRowsFarApartWhereTheTableIsKnown() {
        var known = new TableFacts(8_192 * 100, 1_000, 1, 0, null, null, false, List.of());

        var finding = plan(100, jobs(NodeType.BITMAP_HEAP_SCAN, 1_000, 1_000))
                .table("jobs", known)
                .findings(rule)
                .getFirst();

        assertThat(finding.impactMillis()).isEqualTo(45);
        assertThat(finding.evidence()).containsEntry("blocksFilled", 100L).containsEntry("bloated", false);
        assertThat(finding.advice()).startsWith("Rows that are read together lie far apart: cluster");
        assertThat(plan(100, jobs(NodeType.BITMAP_HEAP_SCAN, 1_010, 1_000))
                        .table("jobs", known)
                        .findings(rule))
                .isEmpty();
        assertThat(plan(100, jobs(NodeType.BITMAP_HEAP_SCAN, 1_000, 1_000))
                        .table("jobs", 8_192 * 100, 0)
                        .findings(rule))
                .isEmpty();
        assertThat(plan(100, jobs(NodeType.BITMAP_HEAP_SCAN, 1_000, 1_000)).findings(rule))
                .isEmpty();
    }
}
