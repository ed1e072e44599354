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
import java.util.List;
import org.junit.jupiter.api.Test;

class AvoidableSortTest {
    private final Rule rule = new AvoidableSort();

    private static Plans.Node sort(double rows, String method, Plans.Node input, String... keys) {
        return node(NodeType.SORT, input)
                .actual(rows, 100)
                .detail(new Detail.Sort(List.of(keys), new SortRun(method, 100, "Memory")));
    }

    private static Plans.Node orders() {
        return scan(NodeType.SEQ_SCAN, "orders").actual(1, 30);
    }

    private static Plans.Node join() {
        return node(
                        NodeType.HASH_JOIN,
                        orders(),
                        node(NodeType.HASH, scan(NodeType.SEQ_SCAN, "cities").actual(1, 1))
                                .actual(1, 1))
                .actual(1, 40);
    }

    @Test
    void suggestsTheIndexThatGivesTheOrder() {
        var input = orders().filter("((orders.status = 'x'::text) AND (orders.amount > 3))", 5);
        var sort = sort(10_000, "quicksort", input, "orders.placed_at DESC NULLS LAST", "orders.id");

        var finding = plan(100, sort).findings(rule).getFirst();

        assertThat(finding.impactMillis()).isEqualTo(70);
        assertThat(finding.evidence())
                .containsExactly(
                        entry("relation", "public.orders"),
                        entry("sortKeys", List.of("orders.placed_at DESC NULLS LAST", "orders.id")),
                        entry("rows", 10_000L),
                        entry("method", "quicksort"),
                        entry("overJoin", false),
                        entry(
                                "suggestedIndex",
                                "create index concurrently on \"public\".\"orders\" (\"status\", \"placed_at\" desc nulls last, \"id\")"));
        assertThat(finding.what()).isEqualTo("10,000 rows were sorted by columns of public.orders alone.");
        assertThat(finding.advice()).endsWith("part of the rows.");
    }

    @Test
    void leavesFewRowsTopNAndExpressionsAlone() {
        assertThat(plan(1_000, sort(9_999, "quicksort", orders(), "orders.id")).findings(rule))
                .isEmpty();
        assertThat(plan(100, sort(10_000, "top-N heapsort", orders(), "orders.id"))
                        .findings(rule))
                .isEmpty();
        assertThat(plan(100, sort(10_000, "quicksort", orders(), "orders.id", "(lower(orders.note))"))
                        .findings(rule))
                .isEmpty();
        assertThat(plan(100, sort(10_000, "quicksort", orders(), "cities.id")).findings(rule))
                .isEmpty();
    }

    /** 9,150 rows took 139 of 142 ms. */
    @Test
    void fewerRowsAreManyWhereSortingThemIsMost() {
        assertThat(plan(140, sort(1_000, "quicksort", orders(), "orders.id")).findings(rule))
                .hasSize(1);
        assertThat(plan(141, sort(1_000, "quicksort", orders(), "orders.id")).findings(rule))
                .isEmpty();
        assertThat(plan(140, sort(999, "quicksort", orders(), "orders.id")).findings(rule))
                .isEmpty();
        assertThat(plan(120, sort(10_000, "quicksort", join(), "orders.id")).findings(rule))
                .hasSize(1);
        assertThat(plan(120, sort(9_999, "quicksort", join(), "orders.id")).findings(rule))
                .isEmpty();
    }

    @Test
    void takesUnqualifiedColumnsOfASingleRelation() {
        assertThat(plan(100, sort(10_000, "quicksort", orders(), "placed_at")).findings(rule))
                .hasSize(1);
        assertThat(plan(100, sort(100_000, "quicksort", join(), "placed_at")).findings(rule))
                .isEmpty();
    }

    @Test
    void wantsMoreRowsOverAJoin() {
        assertThat(plan(1_000, sort(99_999, "quicksort", join(), "orders.id")).findings(rule))
                .isEmpty();

        var finding = plan(100, sort(100_000, "quicksort", join(), "orders.id"))
                .findings(rule)
                .getFirst();

        assertThat(finding.impactMillis()).isEqualTo(60);
        assertThat(finding.evidence()).containsEntry("overJoin", true).containsEntry("relation", "public.orders");
        assertThat(finding.advice()).endsWith("as nested loops do.");
        assertThat(plan(100, sort(100_000, "quicksort", join(), "orders.id", "cities.id"))
                        .findings(rule))
                .isEmpty();
    }

    @Test
    void leavesOrdersOverGroupsAlone() {
        var groups = node(NodeType.AGGREGATE, join()).actual(1, 50);

        assertThat(plan(100, sort(100_000, "quicksort", groups, "orders.id")).findings(rule))
                .isEmpty();
    }
}
