// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PlanTimesTest {
    private static final double EXACT = 1e-9;

    @ParameterizedTest
    @MethodSource("io.viewkeeper.optimizer.plan.Corpus#sample")
    void exclusiveTimesOfRealPlansAddUpToTheWhole(Corpus.Stored stored) throws MalformedPlanException {
        Plan plan = PlanReader.read(stored.json()).getFirst();
        var times = PlanTimes.of(plan);
        double root = times.inclusiveMillis(plan.root());
        double sum = plan.nodes().stream().mapToDouble(times::exclusiveMillis).sum();
        assertThat(sum).isCloseTo(root, within(root / 100));
        assertThat(root).isLessThanOrEqualTo(times.totalMillis() * 1.01 + 0.1);
        assertThat(plan.nodes())
                .allSatisfy(
                        node -> assertThat(times.exclusiveMillis(node)).isBetween(0.0, times.inclusiveMillis(node)));
    }

    @Test
    void loopsMultiply() throws MalformedPlanException {
        Plan plan = plan("""
                {"Node Type": "Nested Loop", "Actual Total Time": 100, "Actual Rows": 1, "Actual Loops": 1, "Plans": [
                  {"Node Type": "Seq Scan", "Parent Relationship": "Outer",
                   "Actual Total Time": 10, "Actual Rows": 1, "Actual Loops": 1},
                  {"Node Type": "Index Scan", "Parent Relationship": "Inner",
                   "Actual Total Time": 0.5, "Actual Rows": 1, "Actual Loops": 150}]}""");
        assertTimes(plan, 100, 15, 10, 10, 75, 75);
    }

    @Test
    void whatWasNeverExecutedTookNothing() throws MalformedPlanException {
        Plan plan = plan("""
                {"Node Type": "Nested Loop", "Actual Total Time": 3, "Actual Rows": 1, "Actual Loops": 1, "Plans": [
                  {"Node Type": "Seq Scan", "Parent Relationship": "Outer",
                   "Actual Total Time": 3, "Actual Rows": 1, "Actual Loops": 1},
                  {"Node Type": "Index Scan", "Parent Relationship": "Inner",
                   "Actual Total Time": 0, "Actual Rows": 0, "Actual Loops": 0}]}""");
        assertTimes(plan, 3, 0, 3, 3, 0, 0);
    }

    @Test
    void roundedTimesBelowGetNoMoreThanTheNodeHas() throws MalformedPlanException {
        Plan plan = plan("""
                {"Node Type": "Append", "Actual Total Time": 80, "Actual Rows": 1, "Actual Loops": 1, "Plans": [
                  {"Node Type": "Hash", "Parent Relationship": "Member",
                   "Actual Total Time": 60, "Actual Rows": 1, "Actual Loops": 1, "Plans": [
                    {"Node Type": "Seq Scan", "Parent Relationship": "Outer",
                     "Actual Total Time": 30, "Actual Rows": 1, "Actual Loops": 1}]},
                  {"Node Type": "Seq Scan", "Parent Relationship": "Member",
                   "Actual Total Time": 40, "Actual Rows": 1, "Actual Loops": 1}]}""");
        assertTimes(plan, 80, 0, 48, 24, 24, 24, 32, 32);
    }

    @Test
    void nodesOfWorkersCountByTheAverageProcess() throws MalformedPlanException {
        Plan plan = plan("""
                {"Node Type": "Gather", "Workers Planned": 2, "Workers Launched": 2,
                 "Actual Total Time": 50, "Actual Rows": 1, "Actual Loops": 1, "Plans": [
                  {"Node Type": "Hash Join", "Parent Relationship": "Outer",
                   "Actual Total Time": 40, "Actual Rows": 1, "Actual Loops": 3, "Plans": [
                    {"Node Type": "Seq Scan", "Parent Relationship": "Outer",
                     "Actual Total Time": 45, "Actual Rows": 1, "Actual Loops": 2}]}]}""");
        assertTimes(plan, 50, 10, 40, 10, 30, 30);
    }

    @Test
    void aLeaderThatTookNoPartIsNotCounted() throws MalformedPlanException {
        Plan plan = plan("""
                {"Node Type": "Gather Merge", "Workers Planned": 2, "Workers Launched": 2,
                 "Actual Total Time": 25, "Actual Rows": 1, "Actual Loops": 2, "Plans": [
                  {"Node Type": "Sort", "Parent Relationship": "Outer",
                   "Actual Total Time": 20, "Actual Rows": 1, "Actual Loops": 4}]}""");
        assertTimes(plan, 50, 10, 40, 40);
    }

    @Test
    void aGatherThatGotNoWorkersIsTheLeaderAlone() throws MalformedPlanException {
        Plan plan = plan("""
                {"Node Type": "Gather", "Workers Planned": 2, "Workers Launched": 0,
                 "Actual Total Time": 50, "Actual Rows": 1, "Actual Loops": 1, "Plans": [
                  {"Node Type": "Seq Scan", "Parent Relationship": "Outer",
                   "Actual Total Time": 40, "Actual Rows": 1, "Actual Loops": 1}]}""");
        assertTimes(plan, 50, 10, 40, 40);
    }

    @Test
    void aGatherNeverExecutedTookNothing() throws MalformedPlanException {
        Plan plan = plan("""
                {"Node Type": "Append", "Actual Total Time": 5, "Actual Rows": 1, "Actual Loops": 1, "Plans": [
                  {"Node Type": "Gather", "Parent Relationship": "Member",
                   "Actual Total Time": 0, "Actual Rows": 0, "Actual Loops": 0, "Plans": [
                    {"Node Type": "Seq Scan", "Parent Relationship": "Outer",
                     "Actual Total Time": 0, "Actual Rows": 0, "Actual Loops": 0}]}]}""");
        assertTimes(plan, 5, 5, 0, 0, 0, 0);
    }

    @Test
    void whereWorkersAreToldApartTheSlowestProcessCounts() throws MalformedPlanException {
        Plan plan = plan("""
                {"Node Type": "Gather", "Workers Planned": 2, "Workers Launched": 2,
                 "Actual Total Time": 95, "Actual Rows": 1, "Actual Loops": 1, "Plans": [
                  {"Node Type": "Aggregate", "Parent Relationship": "Outer",
                   "Actual Total Time": 50, "Actual Rows": 1, "Actual Loops": 3,
                   "Workers": [
                     {"Worker Number": 0, "Actual Total Time": 90, "Actual Rows": 1, "Actual Loops": 1},
                     {"Worker Number": 1, "Actual Total Time": 40, "Actual Rows": 1, "Actual Loops": 1}],
                   "Plans": [
                    {"Node Type": "Seq Scan", "Parent Relationship": "Outer",
                     "Actual Total Time": 40, "Actual Rows": 1, "Actual Loops": 3,
                     "Workers": [
                       {"Worker Number": 0, "Actual Total Time": 70, "Actual Rows": 1, "Actual Loops": 1},
                       {"Worker Number": 1, "Actual Total Time": 35, "Actual Rows": 1, "Actual Loops": 1}]},
                    {"Node Type": "Result", "Parent Relationship": "SubPlan",
                     "Actual Total Time": 5, "Actual Rows": 1, "Actual Loops": 1,
                     "Workers": [
                       {"Worker Number": 1, "Actual Total Time": 5, "Actual Rows": 1, "Actual Loops": 1}]}]}]}""");
        assertTimes(plan, 95, 5, 90, 20, 70, 70, 0, 0);
    }

    @Test
    void theSlowestProcessMayBeTheLeader() throws MalformedPlanException {
        Plan plan = plan("""
                {"Node Type": "Gather", "Workers Planned": 1, "Workers Launched": 1,
                 "Actual Total Time": 100, "Actual Rows": 1, "Actual Loops": 1, "Plans": [
                  {"Node Type": "Aggregate", "Parent Relationship": "Outer",
                   "Actual Total Time": 60, "Actual Rows": 1, "Actual Loops": 2,
                   "Workers": [
                     {"Worker Number": 0, "Actual Total Time": 30, "Actual Rows": 1, "Actual Loops": 1}],
                   "Plans": [
                    {"Node Type": "Seq Scan", "Parent Relationship": "Outer",
                     "Actual Total Time": 50, "Actual Rows": 1, "Actual Loops": 2,
                     "Workers": [
                       {"Worker Number": 0, "Actual Total Time": 20, "Actual Rows": 1, "Actual Loops": 1}]}]}]}""");
        assertTimes(plan, 100, 10, 90, 10, 80, 80);
    }

    @Test
    void workersThatTellOnlyTheirSortsLeaveTheAverage() throws MalformedPlanException {
        Plan plan = plan("""
                {"Node Type": "Gather Merge", "Workers Planned": 1, "Workers Launched": 1,
                 "Actual Total Time": 100, "Actual Rows": 1, "Actual Loops": 1, "Plans": [
                  {"Node Type": "Sort", "Parent Relationship": "Outer",
                   "Actual Total Time": 60, "Actual Rows": 1, "Actual Loops": 2,
                   "Workers": [
                     {"Worker Number": 0, "Sort Method": "quicksort", "Sort Space Used": 5, "Sort Space Type": "Memory"}
                   ]}]}""");
        assertTimes(plan, 100, 40, 60, 60);
    }

    @Test
    void anInitPlansTimeIsItsUsers() throws MalformedPlanException {
        Plan plan = plan(initPlan("InitPlan 1 (returns $0)", "(total > $0)", 60));
        assertTimes(plan, 100, 10, 50, 50, 90, 40);
        Plan newer = plan(initPlan("InitPlan 1", "(total > (InitPlan 1).col1)", 60));
        assertTimes(newer, 100, 10, 50, 50, 90, 40);
    }

    @Test
    void anInitPlanWhoseUserIsNotShownIsChargedToTheHighestThatCanPay() throws MalformedPlanException {
        assertTimes(plan(initPlan("InitPlan 1 (returns $0)", "(total > $01)", 60)), 100, 10, 50, 50, 90, 40);
        assertTimes(plan(initPlan("InitPlan 1 (returns $0)", "(total > 5)", 8)), 100, 2, 8, 8, 90, 90);
    }

    private static String initPlan(String name, String filter, double millis) {
        double told = millis == 60 ? 50 : millis;
        return """
                {"Node Type": "Aggregate", "Actual Total Time": 100, "Actual Rows": 1, "Actual Loops": 1, "Plans": [
                  {"Node Type": "Result", "Parent Relationship": "InitPlan", "Subplan Name": "%s",
                   "Actual Total Time": %s, "Actual Rows": 1, "Actual Loops": 1},
                  {"Node Type": "Seq Scan", "Parent Relationship": "Outer", "Filter": "%s",
                   "Actual Total Time": 90, "Actual Rows": 1, "Actual Loops": 1}]}""".formatted(name, told, filter);
    }

    @Test
    void whatWorkersNeedIsComputedInTheGathersTime() throws MalformedPlanException {
        Plan plan = plan("""
                {"Node Type": "Aggregate", "Actual Total Time": 100, "Actual Rows": 1, "Actual Loops": 1, "Plans": [
                  {"Node Type": "Result", "Parent Relationship": "InitPlan", "Subplan Name": "InitPlan 1",
                   "Actual Total Time": 60, "Actual Rows": 1, "Actual Loops": 1},
                  {"Node Type": "Gather", "Parent Relationship": "Outer", "Workers Launched": 1,
                   "Actual Total Time": 98, "Actual Rows": 1, "Actual Loops": 1, "Plans": [
                    {"Node Type": "Seq Scan", "Parent Relationship": "Outer", "Filter": "(x = (InitPlan 1).col1)",
                     "Actual Total Time": 30, "Actual Rows": 1, "Actual Loops": 2}]}]}""");
        assertTimes(plan, 100, 2, 60, 60, 98, 8, 30, 30);
    }

    @Test
    void anInitPlanOfAGatherRunsInTheLeaderAlone() throws MalformedPlanException {
        Plan plan = plan("""
                {"Node Type": "Gather", "Workers Launched": 1,
                 "Actual Total Time": 98, "Actual Rows": 1, "Actual Loops": 1, "Plans": [
                  {"Node Type": "Result", "Parent Relationship": "InitPlan", "Subplan Name": "InitPlan 1",
                   "Actual Total Time": 60, "Actual Rows": 1, "Actual Loops": 1},
                  {"Node Type": "Seq Scan", "Parent Relationship": "Outer", "Filter": "(x = (InitPlan 1).col1)",
                   "Actual Total Time": 30, "Actual Rows": 1, "Actual Loops": 2}]}""");
        assertTimes(plan, 98, 8, 60, 60, 30, 30);
    }

    @Test
    void aCtesTimeIsItsScans() throws MalformedPlanException {
        assertTimes(plan(cteScans(70, 5)), 100, 25, 60, 60, 70, 10, 5, 5);
    }

    @Test
    void aCteThatTwoScansReadByTurnsIsDividedBetweenThem() throws MalformedPlanException {
        assertTimes(plan(cteScans(40, 20)), 100, 40, 60, 60, 40, 0, 20, 0);
        assertTimes(plan(cteScans(50, 30)), 100, 20, 60, 60, 50, 12.5, 30, 7.5);
    }

    private static String cteScans(double first, double second) {
        return """
                {"Node Type": "Nested Loop", "Actual Total Time": 100, "Actual Rows": 1, "Actual Loops": 1, "Plans": [
                  {"Node Type": "Seq Scan", "Parent Relationship": "InitPlan", "Subplan Name": "CTE big",
                   "Actual Total Time": 60, "Actual Rows": 1, "Actual Loops": 1},
                  {"Node Type": "CTE Scan", "Parent Relationship": "Outer", "CTE Name": "big",
                   "Actual Total Time": %s, "Actual Rows": 1, "Actual Loops": 1},
                  {"Node Type": "CTE Scan", "Parent Relationship": "Inner", "CTE Name": "big",
                   "Actual Total Time": %s, "Actual Rows": 1, "Actual Loops": 1}]}""".formatted(first, second);
    }

    @Test
    void aCteThatHidesAnotherIsNotTakenForIt() throws MalformedPlanException {
        Plan plan = plan("""
                {"Node Type": "Nested Loop", "Actual Total Time": 100, "Actual Rows": 1, "Actual Loops": 1, "Plans": [
                  {"Node Type": "Seq Scan", "Parent Relationship": "InitPlan", "Subplan Name": "CTE c",
                   "Actual Total Time": 30, "Actual Rows": 1, "Actual Loops": 1},
                  {"Node Type": "Limit", "Parent Relationship": "Outer",
                   "Actual Total Time": 90, "Actual Rows": 1, "Actual Loops": 1, "Plans": [
                     {"Node Type": "CTE Scan", "Parent Relationship": "InitPlan", "Subplan Name": "CTE c",
                      "CTE Name": "c", "Actual Total Time": 31, "Actual Rows": 1, "Actual Loops": 1},
                     {"Node Type": "CTE Scan", "Parent Relationship": "Outer", "CTE Name": "c",
                      "Actual Total Time": 80, "Actual Rows": 1, "Actual Loops": 1}]}]}""");
        assertTimes(plan, 100, 10, 30, 30, 90, 10, 31, 1, 80, 49);
    }

    @Test
    void aCteThatWritesAndThatNobodyReadsRunsAfterwards() throws MalformedPlanException {
        Plan plan = plan("""
                {"Node Type": "Limit", "Actual Total Time": 10, "Actual Rows": 1, "Actual Loops": 1, "Plans": [
                  {"Node Type": "Aggregate", "Parent Relationship": "Outer",
                   "Actual Total Time": 9, "Actual Rows": 1, "Actual Loops": 1, "Plans": [
                    {"Node Type": "ModifyTable", "Parent Relationship": "InitPlan", "Subplan Name": "CTE gone",
                     "Actual Total Time": 50, "Actual Rows": 1, "Actual Loops": 1}]}]}""");
        assertTimes(plan, 60, 1, 9, 9, 50, 50);
    }

    @Test
    void whatIsLeftOfACteThatWritesRunsAfterwards() throws MalformedPlanException {
        Plan plan = plan("""
                {"Node Type": "Limit", "Actual Total Time": 20, "Actual Rows": 1, "Actual Loops": 1, "Plans": [
                  {"Node Type": "ModifyTable", "Parent Relationship": "InitPlan", "Subplan Name": "CTE gone",
                   "Actual Total Time": 50, "Actual Rows": 1, "Actual Loops": 1},
                  {"Node Type": "CTE Scan", "Parent Relationship": "Outer", "CTE Name": "gone",
                   "Actual Total Time": 15, "Actual Rows": 1, "Actual Loops": 1}]}""");
        assertTimes(plan, 55, 5, 50, 50, 15, 0);
    }

    @Test
    void ctesThatReadEachOtherDoNotHangIt() throws MalformedPlanException {
        Plan plan = plan("""
                {"Node Type": "Limit", "Actual Total Time": 20, "Actual Rows": 1, "Actual Loops": 1, "Plans": [
                  {"Node Type": "CTE Scan", "Parent Relationship": "InitPlan", "Subplan Name": "CTE a", "CTE Name": "b",
                   "Actual Total Time": 5, "Actual Rows": 1, "Actual Loops": 1},
                  {"Node Type": "CTE Scan", "Parent Relationship": "InitPlan", "Subplan Name": "CTE b", "CTE Name": "a",
                   "Actual Total Time": 5, "Actual Rows": 1, "Actual Loops": 1}]}""");
        assertThat(PlanTimes.of(plan).exclusiveMillis(plan.root())).isEqualTo(20);
    }

    @Test
    void withoutTimingNothingIsKnownButTheWhole() throws MalformedPlanException {
        Plan plan = PlanReader.read("""
                {"Plan": {"Node Type": "Limit", "Actual Rows": 1, "Actual Loops": 1, "Plans": [
                  {"Node Type": "Seq Scan", "Parent Relationship": "Outer", "Actual Rows": 1, "Actual Loops": 1}]},
                 "Execution Time": 17.5}""").getFirst();
        var times = PlanTimes.of(plan);
        assertThat(times.known()).isFalse();
        assertThat(times.totalMillis()).isEqualTo(17.5);
        assertTimes(plan, 0, 0, 0, 0);
        assertThat(times.share(plan.root())).isZero();
    }

    @Test
    void withoutAnalyzeNothingIsKnown() throws MalformedPlanException {
        Plan plan = plan("{\"Node Type\": \"Result\", \"Total Cost\": 5}");
        var times = PlanTimes.of(plan);
        assertThat(times.known()).isFalse();
        assertThat(times.totalMillis()).isZero();
        assertThat(times.share(plan.root())).isZero();
    }

    @Test
    void sharesAreOfTheExecutionTime() throws MalformedPlanException {
        Plan plan = PlanReader.read("""
                {"Plan": {"Node Type": "Limit", "Actual Total Time": 30, "Actual Rows": 1, "Actual Loops": 1, "Plans": [
                  {"Node Type": "Seq Scan", "Parent Relationship": "Outer",
                   "Actual Total Time": 20, "Actual Rows": 1, "Actual Loops": 1}]},
                 "Execution Time": 40}""").getFirst();
        var times = PlanTimes.of(plan);
        assertThat(times.known()).isTrue();
        assertThat(times.totalMillis()).isEqualTo(40);
        assertThat(times.share(plan.root())).isEqualTo(0.25);
        assertThat(times.share(plan.root().children().getFirst())).isEqualTo(0.5);
    }

    @Test
    void aShareIsNeverMoreThanAll() throws MalformedPlanException {
        Plan plan = PlanReader.read("""
                {"Plan": {"Node Type": "Seq Scan", "Actual Total Time": 30, "Actual Rows": 1, "Actual Loops": 1},
                 "Execution Time": 20}""").getFirst();
        assertThat(PlanTimes.of(plan).share(plan.root())).isEqualTo(1);
    }

    private static Plan plan(String node) throws MalformedPlanException {
        return PlanReader.read("{\"Plan\": " + node + "}").getFirst();
    }

    /** @param expected inclusive and exclusive time of each node, parents before their children */
    private static void assertTimes(Plan plan, double... expected) {
        var times = PlanTimes.of(plan);
        List<PlanNode> nodes = plan.nodes();
        assertThat(expected).hasSize(2 * nodes.size());
        for (int i = 0; i < nodes.size(); i++) {
            PlanNode node = nodes.get(i);
            assertThat(times.inclusiveMillis(node))
                    .as("inclusive of %s %s", node.path(), node.typeName())
                    .isCloseTo(expected[2 * i], within(EXACT));
            assertThat(times.exclusiveMillis(node))
                    .as("exclusive of %s %s", node.path(), node.typeName())
                    .isCloseTo(expected[2 * i + 1], within(EXACT));
        }
    }
}
