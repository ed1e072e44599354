// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class PlanCostsTest {
    private static Plan plan(String root) throws MalformedPlanException {
        return PlanReader.read("[{\"Plan\": " + root + "}]").getFirst();
    }

    private static String node(String type, String relationship, double startup, double total, long rows, String rest) {
        return """
                {"Node Type": "%s", "Parent Relationship": "%s", "Startup Cost": %s, "Total Cost": %s, "Plan Rows": %d, "Plan Width": 8%s}""".formatted(type, relationship, startup, total, rows, rest);
    }

    private static String with(String... children) {
        return ", \"Plans\": [" + String.join(", ", children) + "]";
    }

    private static double share(Plan plan, String path) {
        var costs = PlanCosts.of(plan);
        return costs.inclusive(at(plan, path)) / costs.inclusive(plan.root());
    }

    private static PlanNode at(Plan plan, String path) {
        return plan.nodes().stream()
                .filter(node -> node.path().equals(path))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void multipliesTheInnerSideByTheOuterRows() throws MalformedPlanException {
        var plan = plan(node(
                "Nested Loop",
                "",
                0,
                101_020,
                100,
                with(node("Seq Scan", "Outer", 0, 20, 100, ""), node("Seq Scan", "Inner", 0, 1_000, 1, ""))));
        var costs = PlanCosts.of(plan);

        assertThat(costs.loops(at(plan, "0.1"))).isEqualTo(100);
        assertThat(costs.inclusive(at(plan, "0.1"))).isEqualTo(100_000);
        assertThat(costs.exclusive(plan.root())).isEqualTo(1_000);
    }

    @Test
    void readsOnceWhatIsKept() throws MalformedPlanException {
        String kept =
                node("Materialize", "Inner", 0, 1_100, 1_000, with(node("Seq Scan", "Outer", 0, 1_000, 1_000, "")));
        var plan = plan(node("Nested Loop", "", 0, 10_000, 100, with(node("Seq Scan", "Outer", 0, 20, 100, ""), kept)));
        var costs = PlanCosts.of(plan);

        assertThat(costs.loops(at(plan, "0.1"))).isEqualTo(100);
        assertThat(costs.loops(at(plan, "0.1.0"))).isEqualTo(1);
        assertThat(costs.inclusive(at(plan, "0.1.0"))).isEqualTo(1_000);
        assertThat(costs.inclusive(at(plan, "0.1"))).isEqualTo(1_100 + 99 * 50);
    }

    @Test
    void findsHowOftenASubplanRunsByTheRoomThatItHas() throws MalformedPlanException {
        String subplan = ", \"Filter\": \"((SubPlan 1) > 5)\""
                + with(node("Seq Scan", "SubPlan", 0, 200, 1, ", \"Subplan Name\": \"SubPlan 1\""));
        var plan = plan(node("Seq Scan", "", 0, 400_040, 600, subplan));

        assertThat(PlanCosts.of(plan).loops(at(plan, "0.0"))).isEqualTo(2_000);
        assertThat(share(plan, "0.0")).isCloseTo(1, within(0.001));
        assertThat(PlanCosts.of(plan).exclusive(plan.root())).isEqualTo(40);
    }

    @Test
    void countsAHashedSubplanOnce() throws MalformedPlanException {
        String subplan = ", \"Filter\": \"(NOT (hashed SubPlan 1))\""
                + with(node("Seq Scan", "SubPlan", 0, 200, 1, ", \"Subplan Name\": \"SubPlan 1\""));
        var plan = plan(node("Seq Scan", "", 200, 1_200, 600, subplan));

        assertThat(PlanCosts.of(plan).loops(at(plan, "0.0"))).isEqualTo(1);
        assertThat(PlanCosts.of(plan).inclusive(at(plan, "0.0"))).isEqualTo(200);
    }

    @Test
    void stopsWhereALimitStops() throws MalformedPlanException {
        var plan = plan(node("Limit", "", 0, 10, 5, with(node("Seq Scan", "Outer", 0, 1_000, 500, ""))));

        assertThat(PlanCosts.of(plan).inclusive(at(plan, "0.0"))).isEqualTo(10);
    }

    @Test
    void takesLoopsThatWereMeasured() throws MalformedPlanException {
        String loops = ", \"Actual Rows\": 1, \"Actual Loops\": ";
        var plan = plan(node(
                "Nested Loop",
                "",
                0,
                30,
                1,
                loops
                        + 1
                        + with(
                                node("Seq Scan", "Outer", 0, 20, 1, loops + 1),
                                node("Seq Scan", "Inner", 0, 10, 1, loops + 500))));
        var costs = PlanCosts.of(plan);

        assertThat(costs.loops(at(plan, "0.1"))).isEqualTo(500);
        assertThat(costs.inclusive(at(plan, "0.1"))).isEqualTo(5_000);
        assertThat(costs.inclusive(plan.root())).isEqualTo(5_020);
    }

    @Test
    void leavesOutWhatSwitchingOffAdds() throws MalformedPlanException {
        var plan = plan(node(
                "Aggregate",
                "",
                10_000_000_120.5,
                10_000_000_120.5,
                1,
                with(node("Seq Scan", "Outer", 10_000_000_000.0, 10_000_000_100.0, 500, ""))));

        assertThat(PlanCosts.of(plan).inflated()).isTrue();
        assertThat(PlanCosts.of(plan).inclusive(plan.root())).isCloseTo(120.5, within(0.01));
    }

    @Test
    void believesCostsThatAreReallyLarge() throws MalformedPlanException {
        var plan = plan(node(
                "Nested Loop",
                "",
                0,
                35_000_000_000.0,
                1,
                with(
                        node("Seq Scan", "Outer", 0, 20_000, 1_000_000, ""),
                        node("Seq Scan", "Inner", 0, 30_000, 1, ""))));

        assertThat(PlanCosts.of(plan).inflated()).isFalse();
        assertThat(PlanCosts.of(plan).inclusive(plan.root())).isEqualTo(35_000_000_000.0);
    }

    /** Whatever the plan: nothing is negative, and the parts add up to the whole. */
    @Test
    void addsUpOverPlansOfAllVersions() throws MalformedPlanException {
        int known = 0;
        for (var stored : Corpus.stored()) {
            for (Plan plan : PlanReader.read(stored.json())) {
                var costs = PlanCosts.of(plan);
                List<PlanNode> nodes = plan.nodes();
                double sum = nodes.stream().mapToDouble(costs::exclusive).sum();
                assertThat(nodes).as(stored.name()).allMatch(node -> costs.exclusive(node) >= 0);
                double whole = costs.inclusive(plan.root());
                assertThat(sum).as(stored.name()).isCloseTo(whole, within(whole / 1e6 + 1e-6));
                if (!plan.analyzed()) {
                    assertThat(whole).as(stored.name()).isCloseTo(costs.cost(plan.root()), within(whole / 1e6 + 1e-6));
                }
                known += costs.known() ? 1 : 0;
            }
        }
        assertThat(known).isGreaterThan(100);
    }
}
