// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import static io.viewkeeper.optimizer.finding.Plans.node;
import static io.viewkeeper.optimizer.finding.Plans.plan;
import static io.viewkeeper.optimizer.finding.Plans.scan;
import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.optimizer.plan.Detail;
import io.viewkeeper.optimizer.plan.NodeType;
import io.viewkeeper.optimizer.plan.SortRun;
import io.viewkeeper.optimizer.plan.Target;
import io.viewkeeper.optimizer.plan.TriggerTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HiddenTimeTest {
    private final Rule rule = new HiddenTime();

    private static Plans.Node locked() {
        return node(NodeType.LOCK_ROWS, scan(NodeType.INDEX_SCAN, "customers").actual(1, 0.05))
                .actual(1, 2_484);
    }

    private static Plans.Node function(double rows, double millis) {
        return node(NodeType.FUNCTION_SCAN)
                .target(new Target("app", null, "f", null, null, null, "slowfn", null, List.of()))
                .actual(rows, millis);
    }

    private static Plans.Node filtered(double millis) {
        return scan(NodeType.SEQ_SCAN, "customers")
                .filter("app.slowpred(customers.id, 'anna')", 100)
                .actual(399, millis);
    }

    private static List<String> rules(Plans.Whole plan) {
        return Findings.of(plan.context()).stream().map(Finding::rule).toList();
    }

    @Test
    void lockIsWaitedFor() {
        assertThat(Findings.of(plan(2_500, locked()).context())).singleElement().satisfies(finding -> {
            assertThat(finding.rule()).isEqualTo("hidden-time");
            assertThat(finding.severity()).isEqualTo(Severity.CRITICAL);
            assertThat(finding.what())
                    .isEqualTo(
                            "The LockRows took 99 % of the execution (2,484 of 2,500 ms) for 1 row: more than the rows and blocks in the plan take.");
            assertThat(finding.advice()).contains("pg_blocking_pids(pid)");
        });
    }

    @Test
    void updateThatWaitsIsToldOfToo() {
        var update = node(NodeType.MODIFY_TABLE, scan(NodeType.INDEX_SCAN, "t").actual(1, 0.03))
                .actual(0, 661);

        assertThat(plan(662, update).findings(rule).getFirst().advice())
                .contains("pg_blocking_pids(pid)", "BEFORE triggers");
    }

    @Test
    void functionIsNamedWhereverItIsCalled() {
        var limit = node(NodeType.LIMIT, function(500, 1_408)).actual(500, 1_409);
        var initPlan = node(
                        NodeType.RESULT, node(NodeType.RESULT).actual(1, 1_349).subplan("InitPlan", "InitPlan 1"))
                .actual(1, 1_350);

        assertThat(plan(1_430, limit).findings(rule)).singleElement().satisfies(finding -> {
            assertThat(finding.what()).startsWith("The Function Scan on app.slowfn took 98 %");
            assertThat(finding.advice()).contains("log_nested_statements", "track_functions");
            assertThat(finding.evidence()).containsEntry("function", "app.slowfn");
        });
        assertThat(plan(1_353, initPlan).findings(rule))
                .extracting(Finding::nodePath)
                .containsExactly("0.0");
        assertThat(plan(1_372, filtered(1_344)).findings(rule)).singleElement().satisfies(finding -> {
            assertThat(finding.what()).contains("on public.customers took 98 %").contains("for 499 rows");
            assertThat(finding.evidence()).containsEntry("filter", "app.slowpred(customers.id, ?)");
            assertThat(finding.advice()).contains("functions that a step calls");
        });
    }

    @Test
    void sortOfExpressionsThatAreDearToCompare() {
        var sort = node(NodeType.SORT, scan(NodeType.SEQ_SCAN, "t").actual(9_150, 3))
                .actual(9_150, 142)
                .detail(new Detail.Sort(List.of("(lower(t.note))"), new SortRun("quicksort", 900, "Memory")));

        assertThat(plan(142, sort).findings(rule).getFirst().advice()).startsWith("Comparing took it");
    }

    /** A microsecond a row is what rows take. */
    @Test
    void ordinaryWorkIsNotHidden() {
        var all = scan(NodeType.SEQ_SCAN, "orders").actual(400_000, 436);
        var thrownAway =
                scan(NodeType.SEQ_SCAN, "orders").filter("(a = 1)", 399_980).actual(20, 436);
        var counted = node(NodeType.AGGREGATE, scan(NodeType.SEQ_SCAN, "orders").actual(400_000, 40))
                .actual(1, 436);
        var loops = scan(NodeType.INDEX_SCAN, "orders").actual(0, 0.002, 200_000);

        for (var root : List.of(all, thrownAway, counted, loops)) {
            assertThat(plan(440, root).findings(rule)).isEmpty();
        }
        assertThat(plan(6, function(1, 4.9)).findings(rule)).as("it is short").isEmpty();
        assertThat(plan(100, function(1, 49)).findings(rule))
                .as("not most of it")
                .isEmpty();
        assertThat(plan(100, function(1, 50)).findings(rule)).hasSize(1);
    }

    @Test
    void blocksExplainTheTimeOfReadingThem() {
        assertThat(plan(60, scan(NodeType.INDEX_SCAN, "t").actual(1, 60).blocks(3, 28))
                        .findings(rule))
                .as("28 reads of a slow disk")
                .isEmpty();
        assertThat(plan(60, scan(NodeType.INDEX_SCAN, "t").actual(1, 60).blocks(3, 2))
                        .findings(rule))
                .hasSize(1);
        assertThat(plan(60, scan(NodeType.SEQ_SCAN, "bloated").actual(1, 60).blocks(20_000, 0))
                        .findings(rule))
                .as("20,000 blocks without rows")
                .isEmpty();
    }

    /** None is most of it; together they are all. */
    @Test
    void partitionsAreAddedUp() {
        var partitions = new Plans.Node[20];
        for (int i = 0; i < partitions.length; i++) {
            partitions[i] = node(NodeType.SEQ_SCAN)
                    .relation("public", "m_2026_" + i, "m_" + i)
                    .filter("slowpred(m.id)", 10)
                    .actual(10, 60);
        }

        assertThat(Findings.of(plan(1_210, node(NodeType.APPEND, partitions).actual(200, 1_205))
                        .context()))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.nodePath()).isEqualTo("0");
                    assertThat(finding.what()).endsWith("The same holds for 19 more partitions of m.");
                });
    }

    @Test
    void whatIsExplainedIsLeftOut() {
        var cold = scan(NodeType.SEQ_SCAN, "t").actual(1, 40_000).blocks(0, 2_000);
        var update = node(NodeType.MODIFY_TABLE, scan(NodeType.INDEX_SCAN, "t").actual(1, 0.03))
                .actual(0, 661);

        assertThat(plan(40_000, cold).findings(rule)).hasSize(1);
        assertThat(rules(plan(40_000, cold))).contains("cold-reads").doesNotContain("hidden-time");
        assertThat(rules(plan(662, update).trigger(new TriggerTime("before_update", null, "t", 650.0, 1))))
                .containsExactly("trigger-time");
        assertThat(rules(plan(2_000, update).trigger(new TriggerTime("after_update", null, "t", 1_300.0, 1))))
                .as("it took more, after the update, which was not most")
                .containsExactly("trigger-time");
    }

    /** An estimate does not make a function slow. */
    @Test
    void estimatesExplainNothingHidden() {
        var hidden = new Finding("hidden-time", Severity.CRITICAL, "0.1", "What.", "Advice.", 90.0, Map.of());
        var guess = new Finding("misestimate", Severity.CRITICAL, "0", "What.", "Advice.", 95.0, Map.of());
        var planning = new Finding("planning-dominates", Severity.CRITICAL, null, "What.", "Advice.", 200.0, Map.of());

        assertThat(Ranking.ordered(List.of(hidden, guess, planning), 100)).contains(hidden);
    }

    @Test
    void saysNothingOfWhatWasNotTimedOrNotExecuted() {
        assertThat(plan(100, node(NodeType.LOCK_ROWS).untimed(1, 1)).findings(rule))
                .isEmpty();
        assertThat(plan(100, node(NodeType.LOCK_ROWS).estimated(1)).findings(rule))
                .isEmpty();
    }
}
