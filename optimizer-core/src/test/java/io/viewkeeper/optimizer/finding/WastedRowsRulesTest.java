// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import static io.viewkeeper.optimizer.finding.Plans.node;
import static io.viewkeeper.optimizer.finding.Plans.plan;
import static io.viewkeeper.optimizer.finding.Plans.scan;
import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.optimizer.plan.Detail;
import io.viewkeeper.optimizer.plan.NodeType;
import io.viewkeeper.optimizer.plan.Target;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Rows that are made or fetched in vain: partitions, functions, foreign tables. */
class WastedRowsRulesTest {
    private final Rule pruning = new NoPruning();
    private final Rule guess = new FunctionScanGuess();
    private final Rule foreign = new ForeignFilterLocal();

    private static Plans.Node partition(int number, @Nullable String condition, double rows) {
        var partition = node(NodeType.SEQ_SCAN)
                .relation("public", "m_2026_" + number, "m_" + number)
                .actual(rows, 10);
        return condition == null ? partition : partition.filter(condition, 100);
    }

    /** So many partitions of 10 ms each; the first ones have a row. */
    private static Plans.Node append(int partitions, int withRows) {
        var members = new Plans.Node[partitions];
        for (int i = 0; i < partitions; i++) {
            members[i] = partition(i + 1, "(m.value = 7)", i < withRows ? 1 : 0);
        }
        return node(NodeType.APPEND, members).actual(withRows, 200);
    }

    @Test
    void emptyPartitionsAreTold() {
        assertThat(plan(250, append(10, 2)).findings(pruning)).singleElement().satisfies(finding -> {
            assertThat(finding.rule()).isEqualTo("no-pruning");
            assertThat(finding.nodePath()).isEqualTo("0");
            assertThat(finding.impactMillis()).isEqualTo(80);
            assertThat(finding.severity()).isEqualTo(Severity.WARNING);
            assertThat(finding.what())
                    .isEqualTo("10 partitions of m were read, and 8 of them had no row that the statement asks for.");
            assertThat(finding.advice()).startsWith("Add a condition on the partition key of m,");
            assertThat(finding.evidence())
                    .isEqualTo(Map.of(
                            "table", "m",
                            "partitionsRead", 10L,
                            "partitionsEmpty", 8L,
                            "firstEmpty", "public.m_2026_3",
                            "condition", "(m.value = ?)"));
        });
    }

    @Test
    void eightPartitionsAndThreeQuartersEmptyAreNeeded() {
        assertThat(plan(250, append(7, 0)).findings(pruning)).isEmpty();
        assertThat(plan(250, append(8, 2)).findings(pruning)).hasSize(1);
        assertThat(plan(250, append(8, 3)).findings(pruning)).isEmpty();
    }

    @Test
    void partitionsOfAMergeAppendCountToo() {
        var members = new Plans.Node[8];
        for (int i = 0; i < 8; i++) {
            members[i] = node(NodeType.INDEX_SCAN)
                    .relation("public", "m" + i, "m_" + i)
                    .condition("indexCond", "(m.value = 7)")
                    .actual(0, 10);
        }
        assertThat(plan(250, node(NodeType.MERGE_APPEND, members).actual(0, 100))
                        .findings(pruning))
                .hasSize(1);
    }

    @Test
    void partitionsThatWereNotReadOrNotAskedAreFine() {
        var members = new Plans.Node[9];
        for (int i = 0; i < 9; i++) {
            members[i] = i < 7
                    ? partition(i, "(m.value = 7)", 0)
                    : partition(i, "(m.value = 7)", 0).neverExecuted();
        }
        assertThat(plan(250, node(NodeType.APPEND, members).actual(0, 200)).findings(pruning))
                .isEmpty();
        for (int i = 0; i < 9; i++) {
            members[i] = partition(i, null, 0);
        }
        assertThat(plan(250, node(NodeType.APPEND, members).actual(0, 200)).findings(pruning))
                .isEmpty();
    }

    @Test
    void branchesOfAUnionAreNoPartitions() {
        var members = new Plans.Node[8];
        for (int i = 0; i < 8; i++) {
            members[i] =
                    scan(NodeType.SEQ_SCAN, "t" + i).filter("(value = 7)", 100).actual(0, 10);
        }
        assertThat(plan(250, node(NodeType.APPEND, members).actual(0, 200)).findings(pruning))
                .isEmpty();
        for (int i = 0; i < 8; i++) {
            members[i] = partition(i, "(m.value = 7)", 0);
        }
        members[7] = scan(NodeType.SEQ_SCAN, "n_1").filter("(value = 7)", 100).actual(0, 10);
        assertThat(plan(250, node(NodeType.APPEND, members).actual(0, 200)).findings(pruning))
                .isEmpty();
    }

    @Test
    void otherNodesHaveNoPartitions() {
        assertThat(plan(250, append(8, 0).untimed(0, 1)).findings(pruning))
                .extracting(Finding::impactMillis)
                .containsOnlyNulls()
                .hasSize(1);
        var members = new Plans.Node[8];
        for (int i = 0; i < 8; i++) {
            members[i] = partition(i, "(m.value = 7)", 0);
        }
        assertThat(plan(250, node(NodeType.RESULT, members).actual(0, 200)).findings(pruning))
                .isEmpty();
    }

    private static Plans.Node function(double estimated, double rows, double loops) {
        return node(NodeType.FUNCTION_SCAN)
                .target(new Target("app", null, "f", null, null, null, "watched", null, List.of()))
                .estimated(estimated)
                .actual(rows, 20 / loops, loops);
    }

    private static Plans.Node joined(NodeType type, Plans.Node function) {
        return node(type, scan(NodeType.SEQ_SCAN, "customers").actual(10, 100), function)
                .actual(10, 200);
    }

    @Test
    void guessIsToldOfTheJoinAbove() {
        var root = node(
                        NodeType.SORT,
                        joined(
                                NodeType.HASH_JOIN,
                                node(NodeType.HASH, function(1_000, 4, 1)).actual(4, 21)))
                .actual(10, 240);

        assertThat(plan(250, root).findings(guess)).singleElement().satisfies(finding -> {
            assertThat(finding.rule()).isEqualTo("function-scan-guess");
            assertThat(finding.nodePath()).isEqualTo("0.0");
            assertThat(finding.impactMillis()).isEqualTo(180);
            assertThat(finding.severity()).isEqualTo(Severity.CRITICAL);
            assertThat(finding.what())
                    .isEqualTo(
                            "The planner expected 1,000 rows of app.watched and got 4; the join above was chosen by that guess.");
            assertThat(finding.advice()).contains("alter function app.watched(...) rows 4.");
            assertThat(finding.evidence())
                    .isEqualTo(Map.of(
                            "function",
                            "app.watched",
                            "functionScan",
                            "0.0.1.0",
                            "rowsEstimated",
                            1_000L,
                            "rows",
                            4.0,
                            "factor",
                            250.0));
        });
    }

    @Test
    void guessMustBeOffTenTimesInEitherDirection() {
        assertThat(plan(250, joined(NodeType.NESTED_LOOP, function(1_000, 101, 1)))
                        .findings(guess))
                .isEmpty();
        assertThat(plan(250, joined(NodeType.NESTED_LOOP, function(1_000, 100, 1)))
                        .findings(guess))
                .hasSize(1);
        assertThat(plan(250, joined(NodeType.MERGE_JOIN, function(100, 999, 1))).findings(guess))
                .isEmpty();
        assertThat(plan(250, joined(NodeType.MERGE_JOIN, function(100, 1_000, 1)))
                        .findings(guess))
                .hasSize(1);
        assertThat(plan(250, joined(NodeType.NESTED_LOOP, function(100, 5, 10))).findings(guess))
                .singleElement()
                .satisfies(finding -> assertThat(finding.evidence()).containsEntry("rows", 5.0));
    }

    @Test
    void noRowCountsAsOne() {
        assertThat(plan(250, joined(NodeType.NESTED_LOOP, function(100, 0, 1))).findings(guess))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.evidence())
                            .containsEntry("factor", 100.0)
                            .containsEntry("rows", 0.0);
                    assertThat(finding.advice()).contains("rows 1.");
                });
    }

    @Test
    void whatAFunctionSaysOfItselfMayBeWrongToo() {
        assertThat(plan(250, joined(NodeType.NESTED_LOOP, function(999, 1, 1))).findings(guess))
                .hasSize(1);
        assertThat(plan(250, function(1_000, 1, 1)).findings(guess)).isEmpty();
        assertThat(plan(250, joined(NodeType.NESTED_LOOP, function(1_000, 1, 1)).untimed(1, 1))
                        .findings(guess))
                .extracting(Finding::impactMillis)
                .containsOnlyNulls()
                .hasSize(1);
        assertThat(plan(250, joined(NodeType.NESTED_LOOP, function(1_000, 1, 1).neverExecuted()))
                        .findings(guess))
                .isEmpty();
        assertThat(plan(
                                250,
                                joined(
                                        NodeType.NESTED_LOOP,
                                        scan(NodeType.SEQ_SCAN, "t")
                                                .estimated(1_000)
                                                .actual(1, 1)))
                        .findings(guess))
                .isEmpty();
    }

    @Test
    void functionWithoutANameIsToldAllTheSame() {
        var nameless = node(NodeType.FUNCTION_SCAN).estimated(100).actual(1, 1);
        var local = nameless("f");

        assertThat(plan(250, joined(NodeType.NESTED_LOOP, nameless)).findings(guess))
                .singleElement()
                .satisfies(finding -> assertThat(finding.evidence()).containsEntry("function", "a function"));
        assertThat(plan(250, joined(NodeType.NESTED_LOOP, local)).findings(guess))
                .singleElement()
                .satisfies(finding -> assertThat(finding.evidence()).containsEntry("function", "f"));
    }

    private static Plans.Node nameless(String function) {
        return node(NodeType.FUNCTION_SCAN)
                .target(new Target(null, null, null, null, null, null, function, null, List.of()))
                .estimated(100)
                .actual(1, 1);
    }

    private static Plans.Node fetched(double removed, double kept, double loops, @Nullable String remoteSql) {
        return scan(NodeType.FOREIGN_SCAN, "orders")
                .filter("(our(orders.status) = 'open'::text)", removed)
                .detail(new Detail.Foreign("Select", null, remoteSql))
                .actual(kept, 200 / loops, loops);
    }

    @Test
    void localFilterIsTold() {
        assertThat(plan(250, fetched(1_900, 100, 1, "SELECT 1")).findings(foreign))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.rule()).isEqualTo("foreign-filter-local");
                    assertThat(finding.nodePath()).isEqualTo("0");
                    assertThat(finding.impactMillis()).isEqualTo(190);
                    assertThat(finding.severity()).isEqualTo(Severity.CRITICAL);
                    assertThat(finding.what())
                            .isEqualTo(
                                    "2,000 rows of the foreign table public.orders were fetched and 95 % of them thrown away"
                                            + " here.");
                    assertThat(finding.advice()).startsWith("Write the filter with built-in");
                    assertThat(finding.evidence())
                            .isEqualTo(Map.of(
                                    "relation",
                                    "public.orders",
                                    "rowsRemoved",
                                    1_900L,
                                    "rowsKept",
                                    100L,
                                    "removedShare",
                                    0.95,
                                    "filter",
                                    "(our(orders.status) = ?::text)",
                                    "sendsSql",
                                    true));
                });
    }

    @Test
    void localFilterNeedsAThousandRowsAndNineTenths() {
        assertThat(plan(250, fetched(999, 1, 1, "SELECT 1")).findings(foreign)).isEmpty();
        assertThat(plan(250, fetched(500, 1, 2, "SELECT 1")).findings(foreign)).hasSize(1);
        assertThat(plan(250, fetched(9_000, 1_000, 1, "SELECT 1")).findings(foreign))
                .hasSize(1);
        assertThat(plan(250, fetched(9_000, 1_001, 1, "SELECT 1")).findings(foreign))
                .isEmpty();
    }

    @Test
    void wrapperThatSendsNoSqlCannotFilter() {
        assertThat(plan(250, fetched(5_000, 1, 1, null)).findings(foreign))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.advice()).startsWith("Its wrapper cannot filter");
                    assertThat(finding.evidence()).containsEntry("sendsSql", false);
                });
        var plain =
                scan(NodeType.FOREIGN_SCAN, "orders").filter("(a = 1)", 5_000).actual(1, 200);
        assertThat(plan(250, plain).findings(foreign))
                .singleElement()
                .satisfies(finding -> assertThat(finding.evidence()).containsEntry("sendsSql", false));
    }

    @Test
    void localTablesHaveNoForeignFilter() {
        assertThat(plan(
                                250,
                                scan(NodeType.SEQ_SCAN, "orders")
                                        .filter("(a = 1)", 5_000)
                                        .actual(1, 200))
                        .findings(foreign))
                .isEmpty();
        assertThat(plan(250, fetched(5_000, 1, 1, null).untimed(1, 1)).findings(foreign))
                .extracting(Finding::impactMillis)
                .containsOnlyNulls()
                .hasSize(1);
    }
}
