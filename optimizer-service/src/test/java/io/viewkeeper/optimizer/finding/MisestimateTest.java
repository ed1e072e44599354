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

    private List<Finding> found(Plans.Node root) {
        return plan(100, root).findings(rule);
    }

    @Test
    void gradesByTheFactor() {
        assertThat(found(orders(100, 999))).isEmpty();
        assertThat(found(orders(100, 1_000))).extracting(Finding::severity).containsExactly(Severity.INFO);
        assertThat(found(orders(100, 9_999))).extracting(Finding::severity).containsExactly(Severity.INFO);
        assertThat(found(orders(100, 10_000))).extracting(Finding::severity).containsExactly(Severity.WARNING);
        assertThat(found(orders(100, 100_000))).extracting(Finding::severity).containsExactly(Severity.CRITICAL);
        assertThat(found(orders(1_000, 100))).extracting(Finding::severity).containsExactly(Severity.INFO);
        assertThat(found(orders(100_000, 0))).extracting(Finding::severity).containsExactly(Severity.CRITICAL);
    }

    @Test
    void leavesAHandfulOfRowsAlone() {
        assertThat(found(orders(1, 99))).isEmpty();
        assertThat(found(orders(1, 100))).hasSize(1);
        assertThat(found(orders(10, 1))).isEmpty();
        assertThat(found(scan(NodeType.SEQ_SCAN, "orders").estimated(1).actual(10, 1, 10)))
                .hasSize(1);
        assertThat(found(scan(NodeType.SEQ_SCAN, "orders").estimated(1).actual(10, 1, 9)))
                .isEmpty();
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
        var found = found(node(NodeType.RESULT, group).estimated(1).actual(1, 95));

        assertThat(found).hasSize(1);
        var finding = found.getFirst();
        assertThat(finding.nodePath()).isEqualTo("0.0.0.0");
        assertThat(finding.impactMillis()).isEqualTo(90);
        assertThat(finding.evidence())
                .containsExactly(
                        entry("relation", "public.orders"),
                        entry("nodeType", "Seq Scan"),
                        entry("estimatedRows", 10.0),
                        entry("actualRows", 1_000.0),
                        entry("loops", 1.0),
                        entry("factor", 100.0),
                        entry("affectedPath", "0.0"),
                        entry("filter", "((orders.a = ?::text) AND (orders.b = ?))"));
        assertThat(finding.what())
                .isEqualTo(
                        "The Seq Scan on public.orders returned 1,000 rows where the planner expected 10: 100 times more.");
        assertThat(finding.advice())
                .contains(
                        "create statistics on \"a\", \"b\" from \"public\".\"orders\"; then analyze \"public\".\"orders\".");
    }

    @Test
    void doesNotBelieveInTooFewRowsBelowALimit() {
        assertThat(found(node(NodeType.LIMIT, orders(10_000, 10)).estimated(10).actual(10, 21)))
                .isEmpty();
        assertThat(found(node(NodeType.LIMIT, orders(10, 10_000)).estimated(10).actual(10, 21)))
                .hasSize(1);
        var sorted = node(NodeType.SORT, orders(10_000, 10)).estimated(10_000).actual(10, 21);
        assertThat(found(node(NodeType.LIMIT, sorted).estimated(10).actual(10, 21)))
                .extracting(Finding::nodePath)
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
            assertThat(found(join)).hasSize(type.equals("Inner") ? 1 : 0);
        }
        var unique = node(
                        NodeType.NESTED_LOOP,
                        scan(NodeType.SEQ_SCAN, "a").estimated(5).actual(5, 1),
                        orders(10_000, 1))
                .estimated(5)
                .actual(5, 30)
                .detail(new Detail.Join("Inner", true));
        assertThat(found(unique)).isEmpty();
        var exists = node(NodeType.RESULT, orders(10_000, 1).subplan("SubPlan", "SubPlan 1"))
                .estimated(1)
                .actual(1, 30);
        assertThat(found(exists)).isEmpty();
        var once = node(NodeType.RESULT, orders(10_000, 1).subplan("InitPlan", "InitPlan 1"))
                .estimated(1)
                .actual(1, 30);
        assertThat(found(once)).isEmpty();
        var merge = node(
                        NodeType.MERGE_JOIN,
                        orders(10_000, 1),
                        scan(NodeType.INDEX_SCAN, "b").estimated(5).actual(5, 1))
                .estimated(5)
                .actual(5, 30);
        assertThat(found(merge)).isEmpty();
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

        assertThat(found(node(NodeType.LIMIT, join).estimated(5).actual(5, 30)))
                .extracting(Finding::nodePath)
                .containsExactly("0.0.1.0");
    }

    @Test
    void saysNothingOfNodesThatNeverRanOrGuess() {
        assertThat(found(scan(NodeType.SEQ_SCAN, "orders").estimated(10_000).neverExecuted()))
                .isEmpty();
        assertThat(found(scan(NodeType.SEQ_SCAN, "orders").estimated(10_000))).isEmpty();
        assertThat(found(scan(NodeType.SEQ_SCAN, "orders").actual(10_000, 5))).isEmpty();
        assertThat(found(node(NodeType.FUNCTION_SCAN).estimated(1_000).actual(100_000, 20)))
                .isEmpty();
        assertThat(found(node(NodeType.BITMAP_OR).estimated(1_000).actual(0, 20)))
                .isEmpty();
        var over = node(
                        NodeType.NESTED_LOOP,
                        node(NodeType.CTE_SCAN).estimated(1).actual(1_000, 20))
                .estimated(1)
                .actual(1_000, 30);
        assertThat(found(over)).isEmpty();
    }

    @Test
    void blamesAJoinWhoseInputsWereRight() {
        var join = node(NodeType.HASH_JOIN, orders(1_000, 1_000)).estimated(10).actual(1_000, 30);
        assertThat(found(node(NodeType.RESULT, join).estimated(1_000).actual(1_000, 40)))
                .extracting(Finding::nodePath)
                .containsExactly("0.0");
        var guessedRight = node(NodeType.FUNCTION_SCAN).estimated(1_000).actual(1_000, 20);
        assertThat(found(node(NodeType.HASH_JOIN, guessedRight).estimated(10).actual(1_000, 30)))
                .hasSize(1);
        var guessedWrong = node(NodeType.FUNCTION_SCAN).estimated(100).actual(1_000, 20);
        assertThat(found(node(NodeType.HASH_JOIN, guessedWrong).estimated(10).actual(1_000, 30)))
                .isEmpty();
    }

    @Test
    void blamesNobodyAboveAWrongNodeEvenBeyondOneThatWasRight() {
        var right = node(NodeType.RESULT, orders(10, 1_000)).estimated(1_000).actual(1_000, 30);
        var found = found(node(NodeType.HASH_JOIN, right).estimated(10).actual(1_000, 40));

        assertThat(found).extracting(Finding::nodePath).containsExactly("0.0.0");
        assertThat(found.getFirst().impactMillis()).isEqualTo(30);
    }

    @Test
    void reachesAsFarUpAsEstimatesAreTenTimesOff() {
        var join = node(NodeType.HASH_JOIN, orders(10, 1_000)).estimated(100).actual(1_000, 30);
        assertThat(found(node(NodeType.RESULT, join).estimated(1_000).actual(1_000, 40)))
                .extracting(Finding::impactMillis)
                .containsExactly(40.0);
        var better = node(NodeType.HASH_JOIN, orders(10, 1_000)).estimated(101).actual(1_000, 30);
        assertThat(found(node(NodeType.RESULT, better).estimated(1_000).actual(1_000, 40)))
                .extracting(Finding::impactMillis)
                .containsExactly(30.0);
    }

    @Test
    void groupsAreReadToTheirEndUnlessTheyComeInOrder() {
        assertThat(found(node(NodeType.LIMIT, groups("Hashed", orders(10_000, 10)))))
                .extracting(Finding::nodePath)
                .containsExactly("0.0.0");
        assertThat(found(node(NodeType.LIMIT, groups("Sorted", orders(10_000, 10)))))
                .isEmpty();
        assertThat(found(groups("Sorted", orders(10_000, 10)))).hasSize(1);
    }

    private static Plans.Node groups(String strategy, Plans.Node input) {
        return node(NodeType.AGGREGATE, input)
                .estimated(10)
                .actual(10, 30)
                .detail(new Detail.Aggregate(strategy, "Simple", List.of("orders.a"), 0, null, null, null));
    }

    @Test
    void advisesByWhatWentWrong() {
        assertThat(found(orders(1, 1_000).filter("(orders.a = 1)", 0))
                        .getFirst()
                        .advice())
                .contains("alter table \"public\".\"orders\" alter column \"a\" set statistics 1000.");
        assertThat(found(orders(1, 1_000).filter("(lower(orders.a) = 'x')", 0))
                        .getFirst()
                        .advice())
                .isEqualTo("Analyze \"public\".\"orders\"; for an expression, create statistics on it.");
        assertThat(found(node(NodeType.AGGREGATE).estimated(1).actual(1_000, 20))
                        .getFirst()
                        .advice())
                .contains("ndistinct");
        assertThat(found(node(NodeType.HASH_JOIN).estimated(1).actual(1_000, 20))
                        .getFirst()
                        .advice())
                .startsWith("Look at the columns that are joined");
        assertThat(found(node(NodeType.HASH_JOIN).estimated(1_000).actual(1, 20))
                        .getFirst()
                        .what())
                .isEqualTo("The Hash Join returned 1 rows where the planner expected 1,000: 1,000 times fewer.");
    }
}
