// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import static io.viewkeeper.optimizer.finding.Plans.node;
import static io.viewkeeper.optimizer.finding.Plans.plan;
import static io.viewkeeper.optimizer.finding.Plans.scan;
import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.optimizer.plan.Detail;
import io.viewkeeper.optimizer.plan.NodeType;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FanOutThenDistinctTest {
    private final Rule fanOut = new FanOutThenDistinct();

    private static final Detail JOIN = new Detail.Join("Inner", false);

    /** 250 ms for a join (100 and 20 of them for its inputs), 400 for the whole. */
    private static Plans.Node distinct(double side, double joined, double distinct) {
        return node(
                        NodeType.UNIQUE,
                        node(NodeType.SORT, manyRows(NodeType.HASH_JOIN, side, joined))
                                .actual(joined, 300))
                .actual(distinct, 400);
    }

    private static Plans.Node manyRows(NodeType type, double side, double joined) {
        return node(
                        type,
                        scan(NodeType.SEQ_SCAN, "orders").actual(joined, 100),
                        node(NodeType.HASH, scan(NodeType.SEQ_SCAN, "customers").actual(side, 15))
                                .actual(side, 20))
                .detail(JOIN)
                .actual(joined, 250);
    }

    @Test
    void multipliedRowsAreTold() {
        assertThat(plan(500, distinct(200, 1_000, 150)).findings(fanOut))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.rule()).isEqualTo("fan-out-then-distinct");
                    assertThat(finding.nodePath()).isEqualTo("0");
                    assertThat(finding.impactMillis()).isEqualTo(280);
                    assertThat(finding.severity()).isEqualTo(Severity.CRITICAL);
                    assertThat(finding.what())
                            .isEqualTo(
                                    "A join makes 1,000 rows of 200 rows of public.customers, and a DISTINCT (or GROUP BY) makes 150"
                                            + " of them again.");
                    assertThat(finding.advice()).contains("which rows of public.customers to return", "EXISTS");
                    assertThat(finding.evidence())
                            .isEqualTo(Map.of(
                                    "multiplied",
                                    "public.customers",
                                    "join",
                                    "0.0.0",
                                    "rowsBefore",
                                    200L,
                                    "rowsJoined",
                                    1_000L,
                                    "rowsDistinct",
                                    150L,
                                    "factor",
                                    5.0));
                });
    }

    @Test
    void multipliedMeansFiveTimesAThousandRowsAndBackAgain() {
        assertThat(plan(500, distinct(199, 999, 199)).findings(fanOut)).isEmpty();
        assertThat(plan(500, distinct(201, 1_000, 200)).findings(fanOut)).isEmpty();
        assertThat(plan(500, distinct(200, 1_000, 200)).findings(fanOut)).hasSize(1);
        assertThat(plan(500, distinct(200, 1_000, 201)).findings(fanOut)).isEmpty();
    }

    @Test
    void sideWithoutRowsDividesByOne() {
        assertThat(plan(500, distinct(0, 1_000, 0)).findings(fanOut))
                .singleElement()
                .satisfies(finding -> assertThat(finding.evidence()).containsEntry("factor", 1_000.0));
    }

    @Test
    void innerSideOfALoopHasNoRowsOfItsOwn() {
        var loop = node(NodeType.UNIQUE, manyRows(NodeType.NESTED_LOOP, 100, 1_000))
                .actual(100, 400);

        assertThat(plan(500, loop).findings(fanOut)).isEmpty();
    }

    private static Plans.Node grouped(List<String> keys, Plans.Node below, String... output) {
        return node(NodeType.AGGREGATE, below)
                .detail(new Detail.Aggregate("Hashed", "Simple", keys, 0, 1L, null, null))
                .output(output)
                .actual(100, 400);
    }

    @Test
    void groupsOfAllThatIsReturnedAreADistinct() {
        var keys = List.of("c.id", "c.name");
        var join = manyRows(NodeType.HASH_JOIN, 100, 1_000);

        assertThat(plan(500, grouped(keys, join, "c.id", "c.name")).findings(fanOut))
                .hasSize(1);
        assertThat(plan(500, grouped(keys, join, "c.id", "count(*)")).findings(fanOut))
                .isEmpty();
        assertThat(plan(500, grouped(keys, join)).findings(fanOut)).isEmpty();
        assertThat(plan(500, grouped(List.of(), join, "count(*)")).findings(fanOut))
                .isEmpty();
    }

    @Test
    void distinctInTwoStepsIsToldOnce() {
        var keys = List.of("c.id");
        var lower =
                grouped(keys, manyRows(NodeType.HASH_JOIN, 100, 1_000), "c.id").actual(100, 300);

        assertThat(plan(500, grouped(keys, lower, "c.id")).findings(fanOut))
                .singleElement()
                .satisfies(finding -> assertThat(finding.nodePath()).isEqualTo("0"));
    }

    @Test
    void distinctOfADistinctBelowAJoinIsToldApart() {
        var lower = grouped(List.of("c.id"), manyRows(NodeType.HASH_JOIN, 100, 1_000), "c.id");
        var upper = node(
                        NodeType.UNIQUE,
                        node(
                                        NodeType.HASH_JOIN,
                                        lower,
                                        scan(NodeType.SEQ_SCAN, "t").actual(100, 5))
                                .detail(JOIN)
                                .actual(100, 420))
                .actual(100, 450);

        assertThat(plan(500, upper).findings(fanOut))
                .singleElement()
                .satisfies(finding -> assertThat(finding.nodePath()).isEqualTo("0.0.0"));
    }

    @Test
    void withoutAJoinNothingIsMultiplied() {
        assertThat(plan(
                                500,
                                node(
                                                NodeType.UNIQUE,
                                                scan(NodeType.SEQ_SCAN, "t").actual(5_000, 100))
                                        .actual(1, 200))
                        .findings(fanOut))
                .isEmpty();
        assertThat(plan(500, distinct(100, 1_000, 100).untimed(100, 1)).findings(fanOut))
                .extracting(Finding::impactMillis)
                .containsOnlyNulls();
        assertThat(plan(500, manyRows(NodeType.HASH_JOIN, 100, 1_000)).findings(fanOut))
                .isEmpty();
    }
}
