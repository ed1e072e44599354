// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import static io.viewkeeper.optimizer.finding.Plans.node;
import static io.viewkeeper.optimizer.finding.Plans.plan;
import static io.viewkeeper.optimizer.finding.Plans.scan;
import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.optimizer.plan.NodeType;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Nested loops: costly ones, mistaken ones, and whole tables on their inner side. */
class NestedLoopRulesTest {
    private final Rule costly = new CostlyNestedLoop();
    private final Rule misestimate = new LoopFromMisestimate();
    private final Rule innerScan = new InnerSeqScan();

    /** 1,000 ms: outer 100 ms, inner loops of so many ms each, the rest the join's own. */
    private static Plans.Node join(double outerEstimate, double outerRows, double innerLoops, double innerMillis) {
        return node(
                        NodeType.NESTED_LOOP,
                        scan(NodeType.SEQ_SCAN, "orders")
                                .estimated(outerEstimate)
                                .actual(outerRows, 100),
                        scan(NodeType.INDEX_SCAN, "customers").actual(1, innerMillis, innerLoops))
                .actual(outerRows, 1_000);
    }

    @Test
    void costlyLoopIsToldWithItsFigures() {
        var findings = plan(1_000, join(900, 1_000, 1_000, 0.6)).findings(costly);

        assertThat(findings).singleElement().satisfies(finding -> {
            assertThat(finding.rule()).isEqualTo("costly-nested-loop");
            assertThat(finding.nodePath()).isEqualTo("0");
            assertThat(finding.severity()).isEqualTo(Severity.CRITICAL);
            // 600 of the inner side, 300 of the join itself; the outer side would be read in any case.
            assertThat(finding.impactMillis()).isEqualTo(900);
            assertThat(finding.what())
                    .isEqualTo(
                            "The inner side of a nested loop, public.customers, was executed 1,000 times and took 60 %"
                                    + " of the execution.");
            assertThat(finding.advice())
                    .contains("a hash join reads public.customers once", "conditions on public.orders more selective");
            assertThat(finding.evidence())
                    .isEqualTo(Map.of(
                            "inner",
                            "public.customers",
                            "outer",
                            "public.orders",
                            "innerLoops",
                            1_000L,
                            "innerMillis",
                            600.0,
                            "innerShare",
                            0.6,
                            "outerRowsEstimated",
                            900L,
                            "outerRows",
                            1_000L));
        });
    }

    @Test
    void costlyLoopNeedsAThousandTurns() {
        assertThat(plan(1_000, join(999, 999, 999, 0.9)).findings(costly)).isEmpty();
        assertThat(plan(1_000, join(999, 999, 1_000, 0.9)).findings(costly)).hasSize(1);
    }

    @Test
    void costlyLoopNeedsThreeTenthsOfTheTime() {
        assertThat(plan(1_000, join(1_000, 1_000, 1_000, 0.2999)).findings(costly))
                .isEmpty();
        assertThat(plan(1_000, join(1_000, 1_000, 1_000, 0.3)).findings(costly)).hasSize(1);
    }

    @Test
    void saysNoTimeOfPlansWithoutTimes() {
        var untimed = node(
                        NodeType.NESTED_LOOP,
                        scan(NodeType.SEQ_SCAN, "orders").estimated(1).untimed(50_000, 1),
                        scan(NodeType.SEQ_SCAN, "customers").untimed(1, 50_000))
                .untimed(50_000, 1);

        assertThat(plan(1_000, untimed).findings(costly)).isEmpty();
        assertThat(plan(1_000, untimed).findings(misestimate))
                .extracting(Finding::impactMillis)
                .containsOnlyNulls()
                .hasSize(1);
        assertThat(plan(1_000, untimed).findings(innerScan))
                .extracting(Finding::impactMillis)
                .containsOnlyNulls()
                .hasSize(1);
    }

    @Test
    void saysNothingOfAStatementThatTookNoTime() {
        assertThat(plan(0, join(1_000, 1_000, 1_000, 0.6)).findings(costly)).isEmpty();
    }

    @Test
    void otherJoinsAreNoLoops() {
        var hashed = node(
                        NodeType.HASH_JOIN,
                        scan(NodeType.SEQ_SCAN, "orders").estimated(1).actual(5_000, 100),
                        scan(NodeType.SEQ_SCAN, "customers").actual(1, 0.5, 1_000))
                .actual(5_000, 1_000);

        assertThat(plan(1_000, hashed).findings(costly)).isEmpty();
        assertThat(plan(1_000, hashed).findings(misestimate)).isEmpty();
        assertThat(plan(1_000, hashed).findings(innerScan)).isEmpty();
    }

    @Test
    void loopWhoseInnerSideNeverRanIsNoLoop() {
        var idle = node(
                        NodeType.NESTED_LOOP,
                        scan(NodeType.SEQ_SCAN, "orders").estimated(1).actual(5_000, 100),
                        scan(NodeType.SEQ_SCAN, "customers").neverExecuted())
                .actual(0, 1_000);

        assertThat(plan(1_000, idle).findings(misestimate)).isEmpty();
        assertThat(plan(1_000, idle).findings(innerScan)).isEmpty();
    }

    @Test
    void loopWithOneSideOnlyIsNone() {
        var half = node(NodeType.NESTED_LOOP, scan(NodeType.SEQ_SCAN, "orders").actual(5_000, 100))
                .actual(0, 1_000);

        assertThat(plan(1_000, half).findings(costly)).isEmpty();
    }

    @Test
    void impactIsNeverMoreThanTheJoin() {
        var loop = join(1, 1_000, 1_000, 0.95);

        assertThat(plan(1_000, loop).findings(costly))
                .singleElement()
                .satisfies(finding -> assertThat(finding.impactMillis()).isBetween(900.0, 950.0));
    }

    @Test
    void mistakenLoopIsToldWithWhatToAnalyze() {
        var findings = plan(1_000, join(50, 2_000, 2_000, 0.3)).findings(misestimate);

        assertThat(findings).singleElement().satisfies(finding -> {
            assertThat(finding.rule()).isEqualTo("loop-from-misestimate");
            assertThat(finding.nodePath()).isEqualTo("0");
            assertThat(finding.impactMillis()).isEqualTo(900);
            assertThat(finding.severity()).isEqualTo(Severity.CRITICAL);
            assertThat(finding.what())
                    .isEqualTo("A nested loop was chosen for 50 outer rows from public.orders, and got 2,000.");
            assertThat(finding.advice()).contains("analyze \"public\".\"orders\";", "create statistics");
            assertThat(finding.evidence())
                    .isEqualTo(Map.of(
                            "outer",
                            "public.orders",
                            "inner",
                            "public.customers",
                            "outerRowsEstimated",
                            50L,
                            "outerRows",
                            2_000L,
                            "factor",
                            40.0,
                            "innerLoops",
                            2_000L));
        });
    }

    @Test
    void mistakeNeedsAThousandRowsAndAFactorOfTen() {
        assertThat(plan(1_000, join(1, 999, 999, 0.1)).findings(misestimate)).isEmpty();
        assertThat(plan(1_000, join(1, 1_000, 1_000, 0.1)).findings(misestimate))
                .hasSize(1);
        assertThat(plan(1_000, join(100, 1_000, 1_000, 0.1)).findings(misestimate))
                .hasSize(1);
        assertThat(plan(1_000, join(101, 1_000, 1_000, 0.1)).findings(misestimate))
                .isEmpty();
    }

    @Test
    void anEstimateBelowOneRowCountsAsOne() {
        assertThat(plan(1_000, join(0, 1_000, 1_000, 0.1)).findings(misestimate))
                .singleElement()
                .satisfies(finding -> assertThat(finding.evidence()).containsEntry("factor", 1_000.0));
    }

    @Test
    void mistakeIsJudgedByOneExecutionOfTheLoop() {
        var outer = scan(NodeType.SEQ_SCAN, "orders").estimated(100).actual(100, 0.1, 50);
        var repeated = node(
                        NodeType.NESTED_LOOP,
                        outer,
                        scan(NodeType.INDEX_SCAN, "customers").actual(1, 0.01, 5_000))
                .actual(100, 2, 50);

        assertThat(plan(100, repeated).findings(misestimate)).isEmpty();
    }

    @Test
    void withoutAnEstimateThereIsNoMistake() {
        var unknown = node(
                        NodeType.NESTED_LOOP,
                        scan(NodeType.SEQ_SCAN, "orders").actual(5_000, 100),
                        scan(NodeType.INDEX_SCAN, "customers").actual(1, 0.1, 5_000))
                .actual(5_000, 1_000);

        assertThat(plan(1_000, unknown).findings(misestimate)).isEmpty();
    }

    @Test
    void mistakeOfSomethingWithoutATableNamesNoTable() {
        var values = node(
                        NodeType.NESTED_LOOP,
                        node(NodeType.VALUES_SCAN).estimated(5).actual(5_000, 100),
                        scan(NodeType.INDEX_SCAN, "customers").actual(1, 0.1, 5_000))
                .actual(5_000, 1_000);

        assertThat(plan(1_000, values).findings(misestimate))
                .singleElement()
                .satisfies(finding -> assertThat(finding.advice())
                        .contains("the estimate of a Values Scan", "analyze the tables behind it"));
    }

    /** One execution of the loop: so many scans of 50 ms in all, on the inner side. */
    private static Plans.Node scans(double loops, double joins) {
        var inner = node(
                        NodeType.AGGREGATE,
                        scan(NodeType.SEQ_SCAN, "orders")
                                .filter("((orders.customer_id = c.id) AND (orders.status = 'open'::text))", 90)
                                .actual(10, 600.0 / loops, loops))
                .actual(1, 700.0 / loops, loops);
        return node(
                        NodeType.NESTED_LOOP,
                        scan(NodeType.SEQ_SCAN, "customers").estimated(10).actual(10, 10, joins),
                        inner)
                .actual(10, 1_000 / joins, joins);
    }

    @Test
    void repeatedScanIsToldWithItsIndex() {
        assertThat(plan(1_000, scans(20, 1)).findings(innerScan))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.rule()).isEqualTo("inner-seq-scan");
                    assertThat(finding.nodePath()).isEqualTo("0.1.0");
                    assertThat(finding.impactMillis()).isEqualTo(600);
                    assertThat(finding.severity()).isEqualTo(Severity.CRITICAL);
                    assertThat(finding.what())
                            .isEqualTo("public.orders was read whole 20 times on the inner side of a nested loop.");
                    assertThat(finding.advice())
                            .isEqualTo("An index lets each turn read only its own rows: create index concurrently on"
                                    + " \"public\".\"orders\" (\"customer_id\", \"status\").");
                    assertThat(finding.evidence())
                            .isEqualTo(Map.of(
                                    "relation", "public.orders",
                                    "scans", 20L,
                                    "rowsRead", 2_000L,
                                    "rowsKept", 200L,
                                    "filter", "((orders.customer_id = c.id) AND (orders.status = ?::text))"));
                });
    }

    /** What each turn asks for is in the join's own filter. */
    @Test
    void aScanByConstantsAloneGetsNoIndexOfThem() {
        var scan = scan(NodeType.SEQ_SCAN, "orders")
                .condition("filter", "(orders.status = ?::text)")
                .actual(10, 30, 20);
        var join = node(
                        NodeType.NESTED_LOOP,
                        scan(NodeType.SEQ_SCAN, "customers").actual(20, 1),
                        scan)
                .actual(20, 700);
        assertThat(plan(1_000, join).findings(innerScan))
                .singleElement()
                .satisfies(finding -> assertThat(finding.advice())
                        .startsWith("Index the columns of public.orders that the join compares"));
    }

    @Test
    void repeatedMeansTenTimesForEachExecutionOfTheJoin() {
        assertThat(plan(1_000, scans(9, 1)).findings(innerScan)).isEmpty();
        assertThat(plan(1_000, scans(10, 1)).findings(innerScan)).hasSize(1);
        assertThat(plan(1_000, scans(19, 2)).findings(innerScan)).isEmpty();
        assertThat(plan(1_000, scans(20, 2)).findings(innerScan)).hasSize(1);
    }

    @Test
    void otherScansMayBeRepeated() {
        var lookedUp = node(
                        NodeType.NESTED_LOOP,
                        scan(NodeType.SEQ_SCAN, "customers").actual(10, 10),
                        scan(NodeType.INDEX_SCAN, "orders").actual(10, 1, 100))
                .actual(10, 1_000);

        assertThat(plan(1_000, lookedUp).findings(innerScan)).isEmpty();
    }

    @Test
    void scanBelowTwoLoopsIsToldOnce() {
        var inner = node(
                        NodeType.NESTED_LOOP,
                        scan(NodeType.INDEX_SCAN, "items").actual(20, 0.1, 20),
                        scan(NodeType.SEQ_SCAN, "prices").actual(1, 0.1, 400))
                .actual(20, 10, 20);
        var outer = node(NodeType.NESTED_LOOP, scan(NodeType.SEQ_SCAN, "orders").actual(20, 10), inner)
                .actual(400, 500);

        assertThat(plan(500, outer).findings(innerScan)).singleElement().satisfies(finding -> {
            assertThat(finding.nodePath()).isEqualTo("0.1.1");
            assertThat(finding.advice()).startsWith("Index the columns of public.prices that the join compares");
        });
    }
}
