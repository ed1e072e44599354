// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import static io.viewkeeper.optimizer.finding.Plans.node;
import static io.viewkeeper.optimizer.finding.Plans.plan;
import static io.viewkeeper.optimizer.finding.Plans.scan;
import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.optimizer.plan.MalformedPlanException;
import io.viewkeeper.optimizer.plan.NodeType;
import io.viewkeeper.optimizer.plan.Plan;
import io.viewkeeper.optimizer.plan.PlanReader;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MostTimeTest {
    private static Plans.Whole counted(double total) {
        return plan(
                total,
                node(NodeType.AGGREGATE, scan(NodeType.SEQ_SCAN, "orders").actual(400_000, 0.7 * total))
                        .actual(1, total));
    }

    private static Finding finding(@Nullable Double millis) {
        return new Finding("any", Severity.INFO, null, "What.", "Advice.", millis, Map.of());
    }

    @Test
    void tellsTheStepWhereNoFindingIsAboutIt() {
        assertThat(MostTime.unexplained(counted(500).plan(), List.of()))
                .contains(
                        "Most of the time, 350 of 500 ms, went into Seq Scan on public.orders at node 0.0 (70 %, 400,000 rows).");
        assertThat(MostTime.unexplained(counted(500).plan(), List.of(finding(249.0), finding(null))))
                .isPresent();
        assertThat(MostTime.unexplained(counted(500).plan(), List.of(finding(200.0), finding(50.0))))
                .isEmpty();
    }

    @Test
    void asksNothingOfWhatIsShortOrWasNotExecuted() {
        assertThat(MostTime.unexplained(counted(30).plan(), List.of())).isPresent();
        assertThat(MostTime.unexplained(counted(29).plan(), List.of())).isEmpty();
        assertThat(MostTime.unexplained(
                        plan(0, node(NodeType.RESULT).estimated(1)).plan(), List.of()))
                .isEmpty();
    }

    @Test
    void namesAFewOfManySteps() {
        var partitions = new Plans.Node[100];
        for (int i = 0; i < partitions.length; i++) {
            partitions[i] = scan(NodeType.SEQ_SCAN, "p" + i).actual(1_000, 10);
        }

        assertThat(MostTime.unexplained(
                                plan(1_000, node(NodeType.APPEND, partitions).actual(100_000, 1_000))
                                        .plan(),
                                List.of())
                        .orElseThrow())
                .containsOnlyOnce("p2")
                .doesNotContain("p3")
                .endsWith(", and 48 more.");
    }

    @Test
    void saysWhereItCannotKnow() {
        assertThat(MostTime.unexplained(
                        plan(500, node(NodeType.RESULT).untimed(1, 1)).plan(), List.of()))
                .contains("Where 500 ms went is not known: the steps were not timed.");
        assertThat(MostTime.unexplained(
                        plan(500, node(NodeType.RESULT).untimed(1, 1)).plan(), List.of(finding(null))))
                .as("a finding by its cost")
                .isEmpty();
        assertThat(MostTime.unexplained(
                        plan(500, node(NodeType.MODIFY_TABLE).actual(0, 100)).plan(), List.of()))
                .contains(
                        "Most of the time, 400 of 500 ms, is in no step: triggers, or how an execution begins and ends.");
    }

    /** Each would have to be looked for in all texts. */
    @Test
    void saysThatSubplansWereTooManyToFollow() throws Exception {
        assertThat(MostTime.unexplained(withSubplans(300), List.of()))
                .hasValueSatisfying(said -> assertThat(said).doesNotContain("too many"));
        assertThat(MostTime.unexplained(withSubplans(1_000), List.of()))
                .hasValueSatisfying(said -> assertThat(said).contains("too many subplans"));
    }

    private static Plan withSubplans(int number) throws MalformedPlanException {
        String subplans =
                IntStream.range(0, number).mapToObj(i -> """
                        {"Node Type": "Result", "Parent Relationship": "InitPlan", "Subplan Name": "InitPlan %d",
                          "Actual Total Time": 0.1, "Actual Rows": 1, "Actual Loops": 1}""".formatted(i)).collect(Collectors.joining(", "));
        return PlanReader.read("""
                {"Plan": {"Node Type": "Result", "Actual Total Time": 500, "Actual Rows": 1, "Actual Loops": 1,
                  "Plans": [%s]}, "Execution Time": 500}""".formatted(subplans)).getFirst();
    }
}
