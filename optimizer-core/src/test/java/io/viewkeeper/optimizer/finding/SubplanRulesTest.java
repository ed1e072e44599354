// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import static io.viewkeeper.optimizer.finding.Plans.node;
import static io.viewkeeper.optimizer.finding.Plans.plan;
import static io.viewkeeper.optimizer.finding.Plans.scan;
import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.optimizer.plan.NodeType;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Subqueries that are executed again and again. */
class SubplanRulesTest {
    private final Rule correlated = new CorrelatedSubplan();
    private final Rule notIn = new NotInUnhashed();

    private static Plans.Node asked(double loops, String filter) {
        var subplan = node(
                        NodeType.AGGREGATE,
                        scan(NodeType.SEQ_SCAN, "orders")
                                .condition("filter", filter)
                                .actual(1, 400.0 / loops, loops))
                .subplan("SubPlan", "SubPlan 1")
                .actual(1, 500.0 / loops, loops);
        return scanWith(subplan);
    }

    private static Plans.Node scanWith(Plans.Node subplan) {
        return node(NodeType.SEQ_SCAN, subplan)
                .relation("public", "customers", "c")
                .actual(2_000, 1_000);
    }

    @Test
    void correlatedSubplanIsToldWithItsIndex() {
        assertThat(plan(1_000, asked(2_000, "(orders.customer_id = c.id)")).findings(correlated))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.rule()).isEqualTo("correlated-subplan");
                    assertThat(finding.nodePath()).isEqualTo("0.0");
                    assertThat(finding.impactMillis()).isEqualTo(500);
                    assertThat(finding.severity()).isEqualTo(Severity.CRITICAL);
                    assertThat(finding.what())
                            .isEqualTo(
                                    "SubPlan 1 over public.orders was executed 2,000 times, once for each row that needs it.");
                    assertThat(finding.advice())
                            .isEqualTo(
                                    "Join with a subquery that reads public.orders once, grouped by the columns that it is"
                                            + " asked for. If few rows need it, an index is enough: create index concurrently on"
                                            + " \"public\".\"orders\" (\"customer_id\").");
                    assertThat(finding.evidence())
                            .isEqualTo(Map.of(
                                    "subplan",
                                    "SubPlan 1",
                                    "inputs",
                                    "public.orders",
                                    "executions",
                                    2_000L,
                                    "millisEach",
                                    0.25));
                });
    }

    @Test
    void eachPartitionThatIsReadForEachRowGetsItsIndex() {
        var append = node(NodeType.APPEND, partition(1), partition(2)).actual(1, 0.2, 2_000);
        var subplan =
                node(NodeType.AGGREGATE, append).subplan("SubPlan", "SubPlan 1").actual(1, 0.25, 2_000);

        assertThat(plan(1_000, scanWith(subplan)).findings(correlated))
                .singleElement()
                .satisfies(finding -> assertThat(finding.advice())
                        .endsWith("an index on each table is enough: create index concurrently on"
                                + " \"public\".\"orders_2026_1\" (\"customer_id\"); create index concurrently on"
                                + " \"public\".\"orders_2026_2\" (\"customer_id\")."));
    }

    private static Plans.Node partition(int number) {
        return node(NodeType.SEQ_SCAN)
                .relation("public", "orders_2026_" + number, "o_" + number)
                .condition("filter", "(o_%d.customer_id = c.id)".formatted(number))
                .actual(1, 0.1, 2_000);
    }

    @Test
    void whatIsAskedByLessOrGreaterCannotBeGrouped() {
        assertThat(plan(1_000, asked(2_000, "((orders.placed > c.born) AND (orders.status = ?))"))
                        .findings(correlated))
                .singleElement()
                .satisfies(finding -> assertThat(finding.advice())
                        .startsWith("It is asked by less or greater, and cannot be grouped and joined")
                        .endsWith("(\"status\", \"placed\")."));
        assertThat(plan(1_000, asked(2_000, "((orders.placed > c.born) AND (orders.customer_id = c.id))"))
                        .findings(correlated))
                .singleElement()
                .satisfies(finding -> assertThat(finding.advice()).startsWith("Join with a subquery"));
    }

    @Test
    void correlatedSubplanWithoutAComparedColumnGetsNoIndex() {
        assertThat(plan(1_000, asked(2_000, "(orders.amount > 5)")).findings(correlated))
                .singleElement()
                .satisfies(finding -> assertThat(finding.advice()).endsWith("that it is asked for."));
    }

    @Test
    void correlatedSubplanNeedsAThousandLookUpsOrTenScans() {
        assertThat(plan(1_000, lookedUp(999)).findings(correlated)).isEmpty();
        assertThat(plan(1_000, lookedUp(1_000)).findings(correlated)).hasSize(1);
        assertThat(plan(1_000, asked(9, "(a.b = c.d)")).findings(correlated)).isEmpty();
        assertThat(plan(1_000, asked(10, "(a.b = c.d)")).findings(correlated)).hasSize(1);
    }

    private static Plans.Node lookedUp(double times) {
        return scanWith(scan(NodeType.INDEX_SCAN, "orders")
                .subplan("SubPlan", "SubPlan 1")
                .actual(1, 500 / times, times));
    }

    @Test
    void onlySubplansAreCorrelated() {
        var initPlan = scan(NodeType.SEQ_SCAN, "orders")
                .subplan("InitPlan", "InitPlan 1")
                .actual(1, 0.1, 5_000);

        assertThat(plan(1_000, scanWith(initPlan)).findings(correlated)).isEmpty();
    }

    @Test
    void correlatedSubplanIsKnownWithoutTimes() {
        var untimed = scan(NodeType.SEQ_SCAN, "orders")
                .subplan("SubPlan", "SubPlan 1")
                .untimed(1, 5_000);

        assertThat(plan(1_000, scanWith(untimed).untimed(1, 1)).findings(correlated))
                .extracting(Finding::impactMillis)
                .containsOnlyNulls()
                .hasSize(1);
    }

    @Test
    void subplanWithoutANameIsToldAllTheSame() {
        var nameless = scan(NodeType.SEQ_SCAN, "orders").relationship("SubPlan").actual(1, 0.1, 5_000);

        assertThat(plan(1_000, scanWith(nameless)).findings(correlated))
                .singleElement()
                .satisfies(finding -> assertThat(finding.what()).startsWith("A subplan over public.orders"));
    }

    private static final String UNHASHED = "(NOT (ANY (c.id = (SubPlan 2).col1)))";

    /** 1,000 ms: 200 ms of the subplan, the rest of comparing. */
    private static Plans.Node excluded(String filter, NodeType subplanType) {
        var subplan = node(
                        subplanType,
                        scan(NodeType.SEQ_SCAN, "orders").estimated(100_000, 4).actual(90_000, 50))
                .subplan("SubPlan", "SubPlan 2")
                .estimated(100_000, 4)
                .actual(45_000, 2, 100);
        return scanWith(subplan).condition("filter", filter);
    }

    @Test
    void notInIsToldWithTheMemoryThatItNeeds() {
        assertThat(plan(1_000, excluded(UNHASHED, NodeType.MATERIALIZE)).findings(notIn))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.rule()).isEqualTo("not-in-unhashed");
                    assertThat(finding.nodePath()).isEqualTo("0");
                    assertThat(finding.impactMillis()).isEqualTo(1_000);
                    assertThat(finding.severity()).isEqualTo(Severity.CRITICAL);
                    assertThat(finding.what())
                            .isEqualTo(
                                    "NOT IN over public.orders could not be hashed: each row is compared with up to 90,000"
                                            + " rows, one after the other.");
                    // (8 + 24 bytes) × 100,000 rows ÷ hash_mem_multiplier 2
                    assertThat(finding.advice())
                            .startsWith("Write NOT EXISTS")
                            .endsWith("a work_mem above 1.5 MB lets the planner hash it.");
                    assertThat(finding.evidence())
                            .isEqualTo(Map.of(
                                    "subplan", "SubPlan 2",
                                    "inputs", "public.orders",
                                    "subplanRows", 90_000L,
                                    "executions", 100L,
                                    "workMemNeededBytes", 1_600_000L));
                });
    }

    @Test
    void notInImpactLeavesOutTheOtherInputs() {
        var filter = node(
                        NodeType.HASH_JOIN,
                        scan(NodeType.SEQ_SCAN, "customers").actual(1, 300),
                        scan(NodeType.SEQ_SCAN, "orders")
                                .subplan("SubPlan", "SubPlan 2")
                                .actual(10, 1, 200))
                .condition("joinFilter", UNHASHED)
                .actual(1, 1_000);

        assertThat(plan(1_000, filter).findings(notIn))
                .singleElement()
                .satisfies(finding -> assertThat(finding.impactMillis()).isEqualTo(700));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(NOT (ANY ((c.a = (SubPlan 2).col1) AND (c.b = (SubPlan 2).col2))))",
                "((c.a > ?) AND (NOT (ALL (c.id <> (SubPlan 2).col1))))",
                "(NOT (SubPlan 2))"
            })
    void notInIsKnownInEachSpelling(String filter) {
        assertThat(plan(1_000, excluded(filter, NodeType.MATERIALIZE)).findings(notIn))
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(NOT (ANY (c.id = (hashed SubPlan 2).col1)))",
                "(NOT (hashed SubPlan 2))",
                "(ANY (c.id = (SubPlan 2).col1))",
                "(NOT (ANY (c.id = (SubPlan 3).col1)))",
                "(NOT EXISTS(SubPlan 2))",
                "((NOT (ANY (c.id = (hashed SubPlan 1).col1))) AND (ANY (c.a = (SubPlan 2).col1)))"
            })
    void whatIsHashedOrNoNotInIsFine(String filter) {
        assertThat(plan(1_000, excluded(filter, NodeType.MATERIALIZE)).findings(notIn))
                .isEmpty();
    }

    @Test
    void olderSpellingOfACorrelatedSubplanMayBeNotExists() {
        assertThat(plan(1_000, excluded("(NOT (SubPlan 2))", NodeType.INDEX_SCAN))
                        .findings(notIn))
                .isEmpty();
    }

    @Test
    void notInMayStandInTheOutput() {
        var output = excluded("(c.a = 1)", NodeType.MATERIALIZE).output("c.id", UNHASHED);

        assertThat(plan(1_000, output).findings(notIn)).hasSize(1);
    }

    @Test
    void notInIsKnownWithoutExecution() {
        var subplan = scan(NodeType.SEQ_SCAN, "orders").subplan("SubPlan", "SubPlan 2");
        var planned = node(NodeType.SEQ_SCAN, subplan.estimated(500, 9)).condition("filter", UNHASHED);
        var costless = node(NodeType.SEQ_SCAN, scan(NodeType.SEQ_SCAN, "orders").subplan("SubPlan", "SubPlan 2"))
                .condition("filter", UNHASHED);

        assertThat(plan(0, planned).findings(notIn)).singleElement().satisfies(finding -> {
            assertThat(finding.impactMillis()).isNull();
            // (16 + 24) × 500 ÷ 2
            assertThat(finding.evidence())
                    .containsEntry("workMemNeededBytes", 10_000L)
                    .containsEntry("subplanRows", 500L);
        });
        assertThat(plan(0, costless).findings(notIn))
                .singleElement()
                .satisfies(finding -> assertThat(finding.evidence()).containsEntry("workMemNeededBytes", 4_194_304L));
    }

    @Test
    void subplanWithoutANameIsInNoExpression() {
        var nameless = scan(NodeType.SEQ_SCAN, "orders").relationship("SubPlan").actual(1, 1);

        assertThat(plan(0, scanWith(nameless).condition("filter", UNHASHED)).findings(notIn))
                .isEmpty();
    }
}
