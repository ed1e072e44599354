// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import static io.viewkeeper.optimizer.finding.Plans.node;
import static io.viewkeeper.optimizer.finding.Plans.plan;
import static io.viewkeeper.optimizer.finding.Plans.scan;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.viewkeeper.optimizer.plan.NodeType;
import org.junit.jupiter.api.Test;

class WrongIndexForOrderTest {
    private final Rule rule = new WrongIndexForOrder();

    private static Plans.Node ordered() {
        return scan(NodeType.INDEX_SCAN, "orders")
                .index("orders_placed_at")
                .filter("((orders.customer_id = 17) AND (orders.amount > 2))", 9_000)
                .actual(1_000, 40);
    }

    @Test
    void namesTheIndexThatWouldServeBoth() {
        var finding = plan(50, node(NodeType.LIMIT, ordered()).actual(1_000, 45))
                .findings(rule)
                .getFirst();

        assertThat(finding.nodePath()).isEqualTo("0.0");
        assertThat(finding.impactMillis()).isEqualTo(36);
        assertThat(finding.evidence())
                .containsExactly(
                        entry("relation", "public.orders"),
                        entry("index", "orders_placed_at"),
                        entry("filter", "((orders.customer_id = ?) AND (orders.amount > ?))"),
                        entry("rowsRead", 10_000L),
                        entry("rowsRemoved", 9_000L),
                        entry("removedShare", 0.9));
        assertThat(finding.what())
                .isEqualTo("For a LIMIT, 10,000 rows of public.orders were read in the order of orders_placed_at until"
                        + " 1,000 had passed the filter.");
        assertThat(finding.advice())
                .isEqualTo("An index on \"customer_id\" of \"public\".\"orders\", then the columns of"
                        + " orders_placed_at, has only the rows with these values, in this order.");
    }

    @Test
    void looksThroughWhatKeepsTheOrder() {
        var loop = node(
                NodeType.NESTED_LOOP,
                ordered(),
                scan(NodeType.INDEX_SCAN, "lines").actual(1, 0.01, 1_000));
        var gathered = node(NodeType.GATHER_MERGE, loop);
        assertThat(plan(50, node(NodeType.LIMIT, gathered).actual(1, 45)).findings(rule))
                .extracting(Finding::nodePath)
                .containsExactly("0.0.0.0");
        assertThat(plan(50, node(NodeType.LIMIT, node(NodeType.SORT, ordered())).actual(1, 45))
                        .findings(rule))
                .isEmpty();
        assertThat(plan(
                                50,
                                node(NodeType.LIMIT, node(NodeType.AGGREGATE, ordered()))
                                        .actual(1, 45))
                        .findings(rule))
                .isEmpty();
        var inner = node(NodeType.NESTED_LOOP, scan(NodeType.SEQ_SCAN, "a").actual(1, 1), ordered());
        assertThat(plan(50, node(NodeType.LIMIT, inner).actual(1, 45)).findings(rule))
                .isEmpty();
        assertThat(plan(50, node(NodeType.RESULT, ordered())).findings(rule)).isEmpty();
    }

    @Test
    void seesTheSmallestValueThatMinAndMaxLookFor() {
        var least = scan(NodeType.INDEX_ONLY_SCAN, "orders")
                .condition("indexCond", "(orders.placed_at IS NOT NULL)")
                .filter("(lower(x) = 'a')", 9_000)
                .actual(1, 40);
        assertThat(plan(50, node(NodeType.LIMIT, least).actual(1, 45)).findings(rule))
                .singleElement()
                .extracting(Finding::advice)
                .asString()
                .startsWith("No plain column is compared with one value by =, so no index can lead with it");
    }

    @Test
    void leavesScansWithAConditionAndFewRemovedRowsAlone() {
        assertThat(plan(50, node(NodeType.LIMIT, ordered().condition("indexCond", "(a = 1)")))
                        .findings(rule))
                .isEmpty();
        assertThat(plan(
                                50,
                                node(NodeType.LIMIT, ordered().filter("(a = 1)", 8_999))
                                        .actual(1, 45))
                        .findings(rule))
                .isEmpty();
    }
}
