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

class TopNOverManyTest {
    private final Rule rule = new TopNOverMany();

    private static Plans.Node sort(String method, String key, Plans.Node input) {
        return node(NodeType.SORT, input)
                .actual(10, 90)
                .detail(new Detail.Sort(List.of(key), new SortRun(method, 26, "Memory")));
    }

    private static Plans.Node orders(double rows) {
        return scan(NodeType.SEQ_SCAN, "orders").actual(rows, 60);
    }

    @Test
    void suggestsTheIndexThatGivesTheFirstRows() {
        var input = orders(100_000).filter("(orders.region = 3)", 10);
        var finding = plan(100, sort("top-N heapsort", "orders.placed_at DESC", input))
                .findings(rule)
                .getFirst();

        assertThat(finding.impactMillis()).isEqualTo(90);
        assertThat(finding.nodePath()).isEqualTo("0");
        assertThat(finding.evidence())
                .containsExactly(
                        entry("relation", "public.orders"),
                        entry("sortKeys", List.of("orders.placed_at DESC")),
                        entry("rowsRead", 100_000L),
                        entry("rowsReturned", 10L),
                        entry(
                                "suggestedIndex",
                                "create index concurrently on \"public\".\"orders\" (\"region\", \"placed_at\" desc)"));
        assertThat(finding.what()).isEqualTo("100,000 rows of public.orders were read to find the first 10 in order.");
        assertThat(finding.advice()).endsWith("\"placed_at\" desc).");
    }

    @Test
    void leavesFewRowsFullSortsAndJoinsAlone() {
        assertThat(plan(100, sort("top-N heapsort", "orders.id", orders(99_999)))
                        .findings(rule))
                .isEmpty();
        assertThat(plan(100, sort("quicksort", "orders.id", orders(100_000))).findings(rule))
                .isEmpty();
        var join = node(NodeType.HASH_JOIN, orders(100_000)).actual(100_000, 80);
        assertThat(plan(100, sort("top-N heapsort", "orders.id", join)).findings(rule))
                .isEmpty();
    }

    @Test
    void looksThroughAGatherAndTakesExpressions() {
        var gathered = node(NodeType.GATHER, orders(100_000)).actual(100_000, 80);
        assertThat(plan(100, sort("top-N heapsort", "(lower(orders.note))", gathered))
                        .findings(rule)
                        .getFirst()
                        .advice())
                .startsWith("An index on the expression");
    }
}
