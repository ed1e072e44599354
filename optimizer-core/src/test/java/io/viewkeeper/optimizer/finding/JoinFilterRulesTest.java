// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import static io.viewkeeper.optimizer.finding.Plans.node;
import static io.viewkeeper.optimizer.finding.Plans.plan;
import static io.viewkeeper.optimizer.finding.Plans.scan;
import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.optimizer.plan.NodeType;
import io.viewkeeper.optimizer.plan.Removals;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Joins that compare too many pairs. */
class JoinFilterRulesTest {
    private final Rule waste = new JoinFilterWaste();
    private final Rule or = new OrAcrossTables();

    private static Plans.Node filtered(NodeType type, double removed, double kept, String filter) {
        return node(
                        type,
                        scan(NodeType.SEQ_SCAN, "events").estimated(100).actual(100, 50),
                        scan(NodeType.SEQ_SCAN, "periods").estimated(100).actual(100, 1.5, 100))
                .condition("joinFilter", filter)
                .removals(new Removals(0, 0, removed))
                .actual(kept, 500);
    }

    @Test
    void wasteIsToldWithItsFigures() {
        var join = filtered(
                NodeType.NESTED_LOOP, 19_000, 1_000, "((events.at >= periods.starts) AND (events.kind = 'x'::text))");

        assertThat(plan(500, join).findings(waste)).singleElement().satisfies(finding -> {
            assertThat(finding.rule()).isEqualTo("join-filter-waste");
            assertThat(finding.nodePath()).isEqualTo("0");
            // 300 of the join itself, 150 of the inner side; the outer side would be read in any case.
            assertThat(finding.impactMillis()).isEqualTo(450);
            assertThat(finding.severity()).isEqualTo(Severity.CRITICAL);
            assertThat(finding.what())
                    .isEqualTo(
                            "A Nested Loop paired rows of public.events and public.periods and threw 95 % of the pairs away"
                                    + " by its join filter, 19,000 in all.");
            assertThat(finding.advice()).startsWith("Give the join an equality");
            assertThat(finding.evidence())
                    .isEqualTo(Map.of(
                            "inputs",
                            "public.events and public.periods",
                            "pairsRemoved",
                            19_000L,
                            "pairsKept",
                            1_000L,
                            "removedShare",
                            0.95,
                            "joinFilter",
                            "((events.at >= periods.starts) AND (events.kind = ?::text))"));
        });
    }

    @Test
    void wasteNeedsTenThousandPairsAndNineTenths() {
        String filter = "(events.at >= periods.starts)";
        assertThat(plan(500, filtered(NodeType.NESTED_LOOP, 9_999, 1, filter)).findings(waste))
                .isEmpty();
        assertThat(plan(500, filtered(NodeType.NESTED_LOOP, 10_000, 1, filter)).findings(waste))
                .hasSize(1);
        assertThat(plan(500, filtered(NodeType.NESTED_LOOP, 90_000, 10_000, filter))
                        .findings(waste))
                .hasSize(1);
        assertThat(plan(500, filtered(NodeType.NESTED_LOOP, 90_000, 10_001, filter))
                        .findings(waste))
                .isEmpty();
    }

    @Test
    void wasteCountsAllLoops() {
        var repeated = filtered(NodeType.NESTED_LOOP, 500, 0, "(a.x > b.y)").actual(0, 25, 20);

        assertThat(plan(500, repeated).findings(waste))
                .singleElement()
                .satisfies(finding -> assertThat(finding.evidence()).containsEntry("pairsRemoved", 10_000L));
    }

    @Test
    void hashJoinReadsItsInnerSideOnce() {
        var join = filtered(NodeType.HASH_JOIN, 20_000, 0, "(events.at >= periods.starts)");

        assertThat(plan(500, join).findings(waste)).singleElement().satisfies(finding -> {
            assertThat(finding.impactMillis()).isEqualTo(300);
            assertThat(finding.what()).startsWith("A Hash Join paired");
            assertThat(finding.advice()).startsWith("The columns that this join matches by are shared by many rows");
        });
    }

    @Test
    void wasteIsKnownWithoutTimes() {
        var untimed = filtered(NodeType.NESTED_LOOP, 20_000, 0, "(a.x > b.y)").untimed(0, 1);

        assertThat(plan(500, untimed).findings(waste))
                .extracting(Finding::impactMillis)
                .containsOnlyNulls()
                .hasSize(1);
    }

    private static final String OR = "((events.email = periods.email) OR (events.phone = periods.phone))";

    @Test
    void orIsToldWithItsPairs() {
        assertThat(plan(500, filtered(NodeType.NESTED_LOOP, 9_000, 1_000, OR)).findings(or))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.rule()).isEqualTo("or-across-tables");
                    assertThat(finding.nodePath()).isEqualTo("0");
                    assertThat(finding.impactMillis()).isEqualTo(450);
                    assertThat(finding.severity()).isEqualTo(Severity.CRITICAL);
                    assertThat(finding.what())
                            .isEqualTo(
                                    "An OR over columns of both sides joins public.events and public.periods: neither"
                                            + " hash nor merge join can do that, so 10,000 pairs are compared.");
                    assertThat(finding.advice()).contains("UNION");
                    assertThat(finding.evidence())
                            .isEqualTo(Map.of(
                                    "inputs",
                                    "public.events and public.periods",
                                    "pairs",
                                    10_000L,
                                    "rows",
                                    1_000L,
                                    "joinFilter",
                                    OR));
                });
    }

    @Test
    void wasteOfAnOrIsToldAsAnOr() {
        assertThat(plan(500, filtered(NodeType.NESTED_LOOP, 90_000, 0, OR)).findings(waste))
                .isEmpty();
        assertThat(plan(500, filtered(NodeType.HASH_JOIN, 90_000, 0, OR)).findings(waste))
                .hasSize(1);
    }

    @Test
    void orNeedsTenThousandPairs() {
        assertThat(plan(500, filtered(NodeType.NESTED_LOOP, 8_999, 1_000, OR)).findings(or))
                .isEmpty();
        var inLoops = filtered(NodeType.NESTED_LOOP, 4_500, 500, OR).actual(500, 250, 2);
        assertThat(plan(500, inLoops).findings(or))
                .singleElement()
                .satisfies(finding -> assertThat(finding.evidence()).containsEntry("pairs", 10_000L));
    }

    @Test
    void orIsKnownWithoutExecution() {
        var inner = scan(NodeType.SEQ_SCAN, "leads").estimated(100);
        var join = node(
                        NodeType.NESTED_LOOP,
                        scan(NodeType.SEQ_SCAN, "customers").estimated(100),
                        inner)
                .condition("joinFilter", OR);
        var fewer = node(
                        NodeType.NESTED_LOOP,
                        scan(NodeType.SEQ_SCAN, "customers").estimated(99),
                        inner)
                .condition("joinFilter", OR);

        assertThat(plan(0, join).findings(or)).singleElement().satisfies(finding -> {
            assertThat(finding.impactMillis()).isNull();
            assertThat(finding.severity()).isEqualTo(Severity.WARNING);
        });
        assertThat(plan(0, fewer).findings(or)).isEmpty();
    }

    @Test
    void orOfALoopWithoutSidesHasNoPairs() {
        assertThat(plan(0, node(NodeType.NESTED_LOOP).condition("joinFilter", OR))
                        .findings(or))
                .isEmpty();
    }

    @Test
    void orOverOneTableOrNoOrIsNoneOfIt() {
        assertThat(plan(500, filtered(NodeType.NESTED_LOOP, 50_000, 0, "((events.a = 1) OR (events.b = 2))"))
                        .findings(or))
                .isEmpty();
        assertThat(plan(500, filtered(NodeType.NESTED_LOOP, 50_000, 0, "(events.a > periods.b)"))
                        .findings(or))
                .isEmpty();
        var unfiltered = node(
                        NodeType.NESTED_LOOP,
                        scan(NodeType.SEQ_SCAN, "events").actual(1_000, 1),
                        scan(NodeType.SEQ_SCAN, "periods").actual(100, 1, 1_000))
                .actual(100_000, 500);
        assertThat(plan(500, unfiltered).findings(or)).isEmpty();
    }

    @Test
    void orBesideAnEqualityIsNoneOfIt() {
        assertThat(plan(500, filtered(NodeType.HASH_JOIN, 50_000, 0, OR)).findings(or))
                .isEmpty();
    }

    @Test
    void orThatIndexesFindIsNoneOfIt() {
        var lookedUp = node(
                        NodeType.NESTED_LOOP,
                        scan(NodeType.SEQ_SCAN, "events").actual(100, 50),
                        node(
                                        NodeType.BITMAP_HEAP_SCAN,
                                        node(NodeType.BITMAP_INDEX_SCAN)
                                                .condition("indexCond", "(email = events.email)")
                                                .actual(1, 0.1, 100))
                                .actual(1, 0.2, 100))
                .condition("joinFilter", OR)
                .removals(new Removals(0, 0, 50_000))
                .actual(100, 500);

        assertThat(plan(500, lookedUp).findings(or)).isEmpty();
    }
}
