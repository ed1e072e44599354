// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import static io.viewkeeper.optimizer.finding.Plans.node;
import static io.viewkeeper.optimizer.finding.Plans.plan;
import static io.viewkeeper.optimizer.finding.Plans.scan;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.viewkeeper.optimizer.plan.Detail;
import io.viewkeeper.optimizer.plan.NodeType;
import java.util.List;
import org.junit.jupiter.api.Test;

class MisestimateTest {
    private final Rule rule = new Misestimate();

    private static Plans.Node orders(double estimated, double rows) {
        return scan(NodeType.SEQ_SCAN, "orders").estimated(estimated).actual(rows, 20);
    }

    private static List<String> wrong(Plans.Node root) {
        return WrongEstimate.of(plan(100, root).plan().root()).stream()
                .map(one -> one.node().path())
                .toList();
    }

    private List<Finding> found(Plans.Node root) {
        return plan(100, root).findings(rule);
    }

    @Test
    void gradesByWhatWasPlannedUponIt() {
        assertThat(upon(orders(100, 999), 50)).isEmpty();
        assertThat(upon(orders(100, 1_000), 50)).extracting(Finding::severity).containsExactly(Severity.CRITICAL);
        assertThat(upon(orders(100, 1_000_000), 49.9))
                .extracting(Finding::severity)
                .containsExactly(Severity.WARNING);
        assertThat(upon(orders(100, 1_000_000), 19.9))
                .extracting(Finding::severity)
                .containsExactly(Severity.INFO);
    }

    private List<Finding> upon(Plans.Node wrong, double millis) {
        var join = node(NodeType.MERGE_JOIN, wrong).estimated(1).actual(1, 20 + millis);
        return plan(100, node(NodeType.RESULT, join).estimated(1).actual(1, 100))
                .findings(rule);
    }

    @Test
    void harmsNobodyAtTheRootNorBelowWhatIsThereInAnyCase() {
        assertThat(plan(100, orders(10, 1_000_000)).findings(rule)).isEmpty();
        for (var type : List.of(
                NodeType.RESULT,
                NodeType.APPEND,
                NodeType.AGGREGATE,
                NodeType.LIMIT,
                NodeType.GATHER,
                NodeType.SORT,
                NodeType.MATERIALIZE)) {
            assertThat(plan(100, node(type, orders(10, 1_000_000)).estimated(10).actual(1, 100))
                            .findings(rule))
                    .as(type.serverName())
                    .isEmpty();
        }
    }

    @Test
    void harmsGroupsThatRunOutOfMemory() {
        var groups = node(NodeType.AGGREGATE, orders(10, 1_000_000))
                .estimated(10)
                .actual(1_000_000, 90)
                .detail(new Detail.Aggregate("Hashed", "Simple", List.of("orders.a"), 0, 5L, 400L, 900L));
        assertThat(plan(100, groups).findings(rule))
                .extracting(Finding::impactMillis)
                .containsExactly(70.0);
    }

    /** The small side is hashed, and looked up where there are few: the rest of a hash join is as it must be. */
    @Test
    void harmsAHashJoinByTheSideThatWasChosen() {
        assertThat(plan(100, hashJoin(orders(10, 1_000), lines(50, 50))).findings(rule))
                .as("more rows ask than expected")
                .isEmpty();
        assertThat(plan(100, hashJoin(lines(50, 50), orders(10, 1_000))).findings(rule))
                .as("more rows are hashed than expected: 5 of the hash, 45 of the join")
                .extracting(Finding::impactMillis)
                .containsExactly(50.0);
        assertThat(plan(100, hashJoin(lines(50, 50), orders(10_000, 10))).findings(rule))
                .as("few rows are hashed: the other side could have been looked up, 30")
                .extracting(Finding::impactMillis)
                .containsExactly(75.0);
    }

    private static Plans.Node lines(double estimated, double rows) {
        return scan(NodeType.SEQ_SCAN, "lines").estimated(estimated).actual(rows, 30);
    }

    /** Hashing takes 5 milliseconds, joining 45. */
    private static Plans.Node hashJoin(Plans.Node outer, Plans.Node hashed) {
        var estimate = hashed.estimate();
        double below = hashed.millis();
        var hash = node(NodeType.HASH, hashed)
                .estimated(estimate == null ? 0 : estimate.rows())
                .actual(hashed.rows(), below + 5);
        return node(NodeType.HASH_JOIN, outer, hash)
                .estimated(50)
                .actual(50, outer.millis() + below + 5 + 45)
                .detail(new Detail.Join("Inner", false));
    }

    @Test
    void blamesTheLowestNodeForWhatWasPlannedUponIt() {
        var loop = node(
                        NodeType.NESTED_LOOP,
                        orders(10, 1_000).filter("((orders.a = 'x'::text) AND (orders.b = 2))", 3),
                        scan(NodeType.INDEX_SCAN, "lines").estimated(1).actual(1, 0.05, 1_000))
                .estimated(10)
                .actual(1_000, 80)
                .detail(new Detail.Join("Inner", false));
        var group = node(NodeType.AGGREGATE, loop).estimated(1).actual(1, 90);
        var found = plan(100, node(NodeType.RESULT, group).estimated(1).actual(1, 95))
                .findings(rule);

        assertThat(found).hasSize(1);
        var finding = found.getFirst();
        assertThat(finding.nodePath()).isEqualTo("0.0.0.0");
        // What the loop repeats, 50, and its own 10; neither what is below the node nor what is there in any case.
        assertThat(finding.impactMillis()).isEqualTo(60);
        assertThat(finding.evidence())
                .containsExactly(
                        entry("relation", "public.orders"),
                        entry("nodeType", "Seq Scan"),
                        entry("estimatedRows", 10.0),
                        entry("actualRows", 1_000.0),
                        entry("loops", 1.0),
                        entry("factor", 100.0),
                        entry("affectedPath", "0.0.0"),
                        entry("filter", "((orders.a = ?::text) AND (orders.b = ?))"));
        assertThat(finding.what())
                .isEqualTo(
                        "The Seq Scan on public.orders returned 1,000 rows where the planner expected 10: 100 times more. The Nested Loop above was planned upon that.");
        assertThat(finding.advice())
                .contains(
                        "create statistics on \"a\", \"b\" from \"public\".\"orders\"; then analyze \"public\".\"orders\".");
    }

    @Test
    void leavesAHandfulOfRowsAlone() {
        assertThat(wrong(orders(1, 99))).isEmpty();
        assertThat(wrong(orders(1, 100))).hasSize(1);
        assertThat(wrong(orders(10, 1))).isEmpty();
        assertThat(wrong(scan(NodeType.SEQ_SCAN, "orders").estimated(1).actual(10, 1, 10)))
                .hasSize(1);
        assertThat(wrong(scan(NodeType.SEQ_SCAN, "orders").estimated(1).actual(10, 1, 9)))
                .isEmpty();
    }

    @Test
    void doesNotBelieveInTooFewRowsBelowALimit() {
        assertThat(wrong(node(NodeType.LIMIT, orders(10_000, 10)).estimated(10).actual(10, 21)))
                .isEmpty();
        assertThat(wrong(node(NodeType.LIMIT, orders(10, 10_000)).estimated(10).actual(10, 21)))
                .hasSize(1);
        var sorted = node(NodeType.SORT, orders(10_000, 10)).estimated(10_000).actual(10, 21);
        assertThat(wrong(node(NodeType.LIMIT, sorted).estimated(10).actual(10, 21)))
                .containsExactly("0.0.0");
    }

    @Test
    void doesNotBelieveInTooFewRowsWhereOneMatchIsEnough() {
        for (String type : List.of("Semi", "Anti", "Inner")) {
            var inner = orders(10_000, 1);
            var join = node(
                            NodeType.NESTED_LOOP,
                            scan(NodeType.SEQ_SCAN, "a").estimated(5).actual(5, 1),
                            inner)
                    .estimated(5)
                    .actual(5, 30)
                    .detail(new Detail.Join(type, false));
            assertThat(wrong(join)).hasSize(type.equals("Inner") ? 1 : 0);
        }
        var unique = node(
                        NodeType.NESTED_LOOP,
                        scan(NodeType.SEQ_SCAN, "a").estimated(5).actual(5, 1),
                        orders(10_000, 1))
                .estimated(5)
                .actual(5, 30)
                .detail(new Detail.Join("Inner", true));
        assertThat(wrong(unique)).isEmpty();
        var exists = node(NodeType.RESULT, orders(10_000, 1).subplan("SubPlan", "SubPlan 1"))
                .estimated(1)
                .actual(1, 30);
        assertThat(wrong(exists)).isEmpty();
        var once = node(NodeType.RESULT, orders(10_000, 1).subplan("InitPlan", "InitPlan 1"))
                .estimated(1)
                .actual(1, 30);
        assertThat(wrong(once)).isEmpty();
        var merge = node(
                        NodeType.MERGE_JOIN,
                        orders(10_000, 1),
                        scan(NodeType.INDEX_SCAN, "b").estimated(5).actual(5, 1))
                .estimated(5)
                .actual(5, 30);
        assertThat(wrong(merge)).isEmpty();
    }

    @Test
    void hashesAreReadToTheirEndEvenBelowALimit() {
        var hash = node(NodeType.HASH, orders(10_000, 1)).estimated(10_000).actual(1, 21);
        var join = node(
                        NodeType.HASH_JOIN,
                        scan(NodeType.SEQ_SCAN, "a").estimated(9_000).actual(5, 1),
                        hash)
                .estimated(5)
                .actual(5, 30)
                .detail(new Detail.Join("Inner", false));

        assertThat(wrong(node(NodeType.LIMIT, join).estimated(5).actual(5, 30))).containsExactly("0.0.1.0");
    }

    @Test
    void saysNothingOfNodesThatNeverRanOrGuess() {
        assertThat(wrong(scan(NodeType.SEQ_SCAN, "orders").estimated(10_000).neverExecuted()))
                .isEmpty();
        assertThat(wrong(scan(NodeType.SEQ_SCAN, "orders").estimated(10_000))).isEmpty();
        assertThat(wrong(scan(NodeType.SEQ_SCAN, "orders").actual(10_000, 5))).isEmpty();
        assertThat(wrong(node(NodeType.FUNCTION_SCAN).estimated(1_000).actual(100_000, 20)))
                .isEmpty();
        assertThat(wrong(node(NodeType.BITMAP_OR).estimated(1_000).actual(0, 20)))
                .isEmpty();
        var over = node(
                        NodeType.NESTED_LOOP,
                        node(NodeType.CTE_SCAN).estimated(1).actual(1_000, 20))
                .estimated(1)
                .actual(1_000, 30);
        assertThat(wrong(over)).isEmpty();
    }

    @Test
    void blamesAJoinWhoseInputsWereRight() {
        var join = node(NodeType.HASH_JOIN, orders(1_000, 1_000)).estimated(10).actual(1_000, 30);
        assertThat(wrong(node(NodeType.RESULT, join).estimated(1_000).actual(1_000, 40)))
                .containsExactly("0.0");
        var guessedRight = node(NodeType.FUNCTION_SCAN).estimated(1_000).actual(1_000, 20);
        assertThat(wrong(node(NodeType.HASH_JOIN, guessedRight).estimated(10).actual(1_000, 30)))
                .hasSize(1);
        var guessedWrong = node(NodeType.FUNCTION_SCAN).estimated(100).actual(1_000, 20);
        assertThat(wrong(node(NodeType.HASH_JOIN, guessedWrong).estimated(10).actual(1_000, 30)))
                .isEmpty();
    }

    @Test
    void blamesNobodyAboveAWrongNodeEvenBeyondOneThatWasRight() {
        var right = node(NodeType.RESULT, orders(10, 1_000)).estimated(1_000).actual(1_000, 30);

        assertThat(wrong(node(NodeType.HASH_JOIN, right).estimated(10).actual(1_000, 40)))
                .containsExactly("0.0.0");
    }

    @Test
    void reachesAsFarUpAsEstimatesAreTenTimesOff() {
        assertThat(above(100)).extracting(Finding::impactMillis).containsExactly(10.0 + 25);
        assertThat(above(101)).extracting(Finding::impactMillis).containsExactly(10.0);
    }

    /** Two joins, 10 and 25 milliseconds, of which the lower one was to return so many rows. */
    private List<Finding> above(double estimated) {
        var lower = node(NodeType.MERGE_JOIN, orders(10, 1_000))
                .estimated(estimated)
                .actual(1_000, 30);
        return found(node(NodeType.MERGE_JOIN, lower).estimated(1_000).actual(1_000, 55));
    }

    @Test
    void groupsAreReadToTheirEndUnlessTheyComeInOrder() {
        assertThat(wrong(node(NodeType.LIMIT, groups("Hashed", orders(10_000, 10)))))
                .containsExactly("0.0.0");
        assertThat(wrong(node(NodeType.LIMIT, groups("Sorted", orders(10_000, 10)))))
                .isEmpty();
        assertThat(wrong(groups("Sorted", orders(10_000, 10)))).hasSize(1);
    }

    private static Plans.Node groups(String strategy, Plans.Node input) {
        return node(NodeType.AGGREGATE, input)
                .estimated(10)
                .actual(10, 30)
                .detail(new Detail.Aggregate(strategy, "Simple", List.of("orders.a"), 0, null, null, null));
    }

    private static String advice(Plans.Node wrong) {
        return StatisticsAdvice.of(plan(1, wrong).plan().root());
    }

    @Test
    void advisesByWhatWentWrong() {
        assertThat(advice(orders(1, 1_000).filter("(orders.a = 1)", 0)))
                .contains("alter table \"public\".\"orders\" alter column \"a\" set statistics 1000.");
        assertThat(advice(orders(1, 1_000).filter("(lower(orders.a) = 'x')", 0)))
                .isEqualTo(
                        "The planner guesses what an expression returns: create statistics on (lower(a)) from \"public\".\"orders\"; then analyze \"public\".\"orders\".");
        assertThat(advice(orders(1, 1_000).filter("(date_trunc('day', orders.a) = 'x')", 0)))
                .isEqualTo("Analyze \"public\".\"orders\"; for an expression, create statistics on it.");
        assertThat(advice(orders(1, 1_000))).startsWith("Analyze \"public\".\"orders\": how many rows it has");
        assertThat(advice(groups("Hashed", orders(1, 1))))
                .startsWith("The number of different values of the grouped column");
        assertThat(advice(node(NodeType.AGGREGATE)
                        .detail(new Detail.Aggregate("Hashed", "Simple", List.of("o.a", "o.b"), 0, null, null, null))))
                .contains("ndistinct");
        assertThat(advice(node(NodeType.AGGREGATE)
                        .detail(new Detail.Aggregate("Hashed", "Simple", List.of("(o.a + 1)"), 0, null, null, null))))
                .contains("statistics on the expression");
        assertThat(advice(node(NodeType.HASH_JOIN))).startsWith("Look at the columns that are joined");
    }

    /** No statistics help where the planner did not see what was compared. */
    @Test
    void advisesNoStatisticsOfWhatWasNotKnown() {
        for (String filter : List.of(
                "(orders.a = ANY ($1))",
                "(orders.a = $1)",
                "((orders.a = $1) AND (orders.b = 2))",
                "(orders.a > (InitPlan 1).col1)",
                "(orders.a < $0)")) {
            assertThat(advice(orders(1, 1_000).filter(filter, 0))).as(filter).startsWith("Statistics do not help:");
        }
        assertThat(advice(orders(1, 1_000).filter("(orders.a = ANY ($1))", 0))).contains("ten elements");
        assertThat(advice(orders(1, 1_000).filter("(NOT (hashed SubPlan 1))", 0)))
                .contains("write it as a join");
        assertThat(advice(orders(1, 1_000).filter("(orders.a > orders.b)", 0)))
                .contains("columns of one row")
                .doesNotContain("set statistics");
    }

    @Test
    void saysWhatHappened() {
        assertThat(upon(orders(1, 1_000), 50))
                .extracting(Finding::what)
                .containsExactly(
                        "The Seq Scan on public.orders returned 1,000 rows where the planner expected 1: 1,000 times more. The Merge Join above was planned upon that.");
    }
}
