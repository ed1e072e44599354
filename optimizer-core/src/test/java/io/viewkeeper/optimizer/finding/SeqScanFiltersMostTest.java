// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import static io.viewkeeper.optimizer.finding.Plans.plan;
import static io.viewkeeper.optimizer.finding.Plans.scan;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.viewkeeper.optimizer.plan.Estimate;
import io.viewkeeper.optimizer.plan.NodeType;
import org.junit.jupiter.api.Test;

class SeqScanFiltersMostTest {
    private static final long TEN_MEGABYTES = 10L << 20;
    private final Rule rule = new SeqScanFiltersMost();

    private static Plans.Node orders() {
        return scan(NodeType.SEQ_SCAN, "orders").actual(100, 50);
    }

    @Test
    void countsWhatTheFilterThrewAway() {
        var found = plan(60, orders().filter("(orders.status = 'open'::text)", 900))
                .table("orders", TEN_MEGABYTES, 1_000)
                .findings(rule);
        assertThat(found).isEmpty();

        found = plan(60, orders().filter("(orders.status = 'open'::text)", 1_000))
                .table("orders", TEN_MEGABYTES, 1_000)
                .findings(rule);

        assertThat(found).hasSize(1);
        var finding = found.getFirst();
        assertThat(finding.nodePath()).isEqualTo("0");
        assertThat(finding.severity()).isEqualTo(Severity.CRITICAL);
        assertThat(finding.impactMillis()).isEqualTo(50 * 1_000 / 1_100.0);
        assertThat(finding.evidence())
                .containsExactly(
                        entry("relation", "public.orders"),
                        entry("filter", "(orders.status = ?::text)"),
                        entry("rowsRead", 1_100L),
                        entry("rowsRemoved", 1_000L),
                        entry("removedShare", 0.909),
                        entry("sizeBytes", TEN_MEGABYTES),
                        entry("suggestedIndex", "create index concurrently on \"public\".\"orders\" (\"status\")"));
        assertThat(finding.what())
                .isEqualTo("public.orders was read from end to end: 1,100 rows, of which the filter threw away 1,000.");
        assertThat(finding.advice()).contains("create index concurrently on \"public\".\"orders\" (\"status\").");
    }

    @Test
    void leavesScansAloneThatReturnMoreThanATenth() {
        var just = scan(NodeType.SEQ_SCAN, "orders").actual(1_000, 50).filter("(a = 1)", 9_000);
        var less = scan(NodeType.SEQ_SCAN, "orders").actual(1_000, 50).filter("(a = 1)", 8_999);

        assertThat(plan(60, just).table("orders", TEN_MEGABYTES, 1).findings(rule))
                .hasSize(1);
        assertThat(plan(60, less).table("orders", TEN_MEGABYTES, 1).findings(rule))
                .isEmpty();
    }

    @Test
    void leavesSmallTablesAlone() {
        var orders = orders().filter("(a = 1)", 10_000);

        assertThat(plan(60, orders).table("orders", TEN_MEGABYTES - 1, 1).findings(rule))
                .isEmpty();
    }

    @Test
    void takesTheSizeFromTheBlocksWhereTheCatalogIsUnknown() {
        assertThat(plan(60, orders().filter("(a = 1)", 10_000).blocks(1_000, 280))
                        .findings(rule))
                .hasSize(1);
        assertThat(plan(60, orders().filter("(a = 1)", 10_000).blocks(1_000, 279))
                        .findings(rule))
                .isEmpty();
    }

    @Test
    void countsLoopsInRowsAndNotInTheSize() {
        var inner = scan(NodeType.SEQ_SCAN, "orders").actual(1, 10, 2).filter("(a = 1)", 500);

        var found = plan(60, inner.blocks(2_560, 0)).findings(rule);
        assertThat(found)
                .singleElement()
                .extracting(Finding::evidence)
                .satisfies(evidence -> assertThat(evidence)
                        .containsEntry("rowsRead", 1_002L)
                        .containsEntry("sizeBytes", TEN_MEGABYTES));
        assertThat(plan(60, inner.blocks(2_559, 0)).findings(rule)).isEmpty();
        assertThat(plan(60, inner.blocks(1_280, 0).parallelAware()).findings(rule))
                .hasSize(1);
    }

    @Test
    void saysSoWhereNoColumnIsCompared() {
        var finding = plan(60, orders().filter("(lower(orders.note) = 'x'::text)", 10_000))
                .table("orders", TEN_MEGABYTES, 1)
                .findings(rule)
                .getFirst();

        assertThat(finding.evidence()).doesNotContainKey("suggestedIndex");
        assertThat(finding.advice()).contains("create index concurrently on \"public\".\"orders\" ((lower(note)))");
    }

    @Test
    void looksAtSequentialScansOnly() {
        var other = scan(NodeType.SAMPLE_SCAN, "orders").actual(1, 50).filter("(a = 1)", 10_000);

        assertThat(plan(60, other).table("orders", TEN_MEGABYTES, 1).findings(rule))
                .isEmpty();
    }

    /** Without BUFFERS a table is as large as its cost and its rows say: nobody throws a million rows away for nothing. */
    @Test
    void knowsALargeTableWithoutBuffers() {
        var scanned = scan(NodeType.SEQ_SCAN, "orders")
                .filter("(orders.a = ?)", 999_999)
                .actual(1, 80);
        assertThat(plan(80, scanned).findings(rule)).as("by its rows").hasSize(1);
        assertThat(plan(80, scanned.estimate(new Estimate(0, 20_000, 1, 8))).findings(rule))
                .as("by its cost")
                .hasSize(1);
        var small = scan(NodeType.SEQ_SCAN, "orders")
                .filter("(orders.a = ?)", 99_999)
                .estimate(new Estimate(0, 2_000, 1, 8))
                .actual(1, 80);
        assertThat(plan(80, small).findings(rule)).as("100,000 short rows").isEmpty();
        var wide = scan(NodeType.SEQ_SCAN, "orders")
                .filter("(orders.a = ?)", 9_999)
                .estimate(new Estimate(0, 5_125, 1, 8))
                .actual(1, 80);
        assertThat(plan(80, wide).findings(rule)).as("5,000 pages of long rows").hasSize(1);
    }
}
