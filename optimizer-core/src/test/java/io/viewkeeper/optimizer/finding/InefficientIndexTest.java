// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import static io.viewkeeper.optimizer.finding.Plans.plan;
import static io.viewkeeper.optimizer.finding.Plans.scan;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.viewkeeper.optimizer.plan.Detail;
import io.viewkeeper.optimizer.plan.NodeType;
import io.viewkeeper.optimizer.plan.Removals;
import org.junit.jupiter.api.Test;

class InefficientIndexTest {
    private final Rule rule = new InefficientIndex();

    private static Plans.Node index(NodeType type, double rows, double removed) {
        return scan(type, "orders")
                .index("orders_status")
                .condition("indexCond", "(orders.status = 'open'::text)")
                .filter("(orders.customer_id = 17)", removed)
                .actual(rows, 50);
    }

    @Test
    void suggestsAnIndexOnAllComparedColumns() {
        var finding =
                plan(200, index(NodeType.INDEX_SCAN, 100, 1_000)).findings(rule).getFirst();

        assertThat(finding.impactMillis()).isEqualTo(50 * 1_000 / 1_100.0);
        assertThat(finding.severity()).isEqualTo(Severity.WARNING);
        assertThat(finding.evidence())
                .containsExactly(
                        entry("relation", "public.orders"),
                        entry("index", "orders_status"),
                        entry("indexCondition", "(orders.status = ?::text)"),
                        entry("filter", "(orders.customer_id = ?)"),
                        entry("rowsRead", 1_100L),
                        entry("rowsRemoved", 1_000L),
                        entry("removedShare", 0.909),
                        entry(
                                "suggestedIndex",
                                "create index concurrently on \"public\".\"orders\" (\"status\", \"customer_id\")"));
        assertThat(finding.what())
                .isEqualTo("The index found 1,100 rows of public.orders, of which 1,000 were thrown away afterwards.");
        assertThat(finding.advice()).contains("(\"status\", \"customer_id\").");
    }

    @Test
    void leavesFewerRowsAndASmallerShareAlone() {
        assertThat(plan(60, index(NodeType.INDEX_SCAN, 1, 999)).findings(rule)).isEmpty();
        assertThat(plan(60, index(NodeType.INDEX_SCAN, 1_000, 8_999)).findings(rule))
                .isEmpty();
        assertThat(plan(60, index(NodeType.INDEX_ONLY_SCAN, 1_000, 9_000)).findings(rule))
                .hasSize(1);
        assertThat(plan(60, index(NodeType.SEQ_SCAN, 1_000, 9_000)).findings(rule))
                .isEmpty();
    }

    @Test
    void leavesScansForTheOrderToAnotherRule() {
        var ordered =
                scan(NodeType.INDEX_SCAN, "orders").filter("(a = 1)", 9_000).actual(1, 50);
        assertThat(plan(60, ordered).findings(rule)).isEmpty();
        assertThat(plan(60, ordered.condition("indexCond", "(orders.a IS NOT NULL)"))
                        .findings(rule))
                .isEmpty();
        assertThat(plan(60, ordered.condition("indexCond", "((orders.a IS NOT NULL) AND (b = 1))"))
                        .findings(rule))
                .hasSize(1);
    }

    @Test
    void countsRechecksUnlessMemoryWasShort() {
        var bitmap = scan(NodeType.BITMAP_HEAP_SCAN, "orders")
                .condition("recheckCond", "(orders.tags @> '{x}'::text[])")
                .removals(new Removals(0, 9_000, 0))
                .actual(1_000, 50);

        assertThat(plan(60, bitmap.detail(new Detail.BitmapHeap(10L, 0L))).findings(rule))
                .hasSize(1);
        assertThat(plan(60, bitmap.detail(new Detail.BitmapHeap(0L, 10L))).findings(rule))
                .hasSize(1);
        assertThat(plan(60, bitmap.detail(new Detail.BitmapHeap(null, null))).findings(rule))
                .hasSize(1);
        assertThat(plan(60, bitmap.detail(new Detail.BitmapHeap(10L, 10L))).findings(rule))
                .isEmpty();
        assertThat(plan(60, bitmap.detail(new Detail.BitmapHeap(10L, 0L)))
                        .findings(rule)
                        .getFirst()
                        .advice())
                .startsWith("What the index finds is checked again");
    }
}
