// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.examine;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.optimizer.explain.Explanation.Planned;
import io.viewkeeper.optimizer.explain.Explanation.Taken;
import io.viewkeeper.optimizer.explain.RedactedPlan;
import io.viewkeeper.optimizer.explain.ValuesFrom;
import io.viewkeeper.optimizer.plan.MalformedPlanException;
import io.viewkeeper.optimizer.plan.Plan;
import io.viewkeeper.optimizer.plan.PlanReader;
import io.viewkeeper.schema.statement.Blocks;
import io.viewkeeper.schema.statement.Counters;
import io.viewkeeper.schema.statement.Extremes;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Calls of the application: 100, of 100 ms each, 10 rows and 1,000 blocks a call, but for what a test says. */
class LikenessTest {
    private static final Plan SERIAL = plan("""
            {"Node Type": "Seq Scan", "Relation Name": "orders", "Total Cost": 10, "Plan Rows": 1}
            """);

    private static Plan plan(String root) {
        try {
            return PlanReader.read("{\"Plan\": " + root + "}").getFirst();
        } catch (MalformedPlanException impossible) {
            throw new IllegalArgumentException(impossible);
        }
    }

    private static Planned executed(double millis, long rows, long hit, long read, Plan plain) throws Exception {
        var plan = PlanReader.read(String.format(Locale.ROOT, """
                {"Plan": {"Node Type": "Seq Scan", "Relation Name": "orders", "Actual Rows": %d, "Actual Loops": 1,
                  "Shared Hit Blocks": %d, "Shared Read Blocks": %d}, "Execution Time": %f}
                """, rows, hit, read, millis))
                .getFirst();
        return new Planned(
                new RedactedPlan(plan, "{}"),
                new RedactedPlan(plain, "{}"),
                ValuesFrom.STATISTICS_RAREST,
                List.of(),
                List.of(),
                Set.of(),
                new Taken(1, 1));
    }

    private static Counters calls(long calls, double mean, double deviation, long hit, long read) {
        return Counters.of(calls, calls * mean, deviation, null)
                .with(Extremes.UNKNOWN, 10 * calls, new Blocks(hit * calls, read * calls));
    }

    private static final Counters STEADY = calls(100, 100, 10, 1_000, 0);

    @Test
    void aFifthToFiveTimesTheMeanIsLikeIt() throws Exception {
        assertThat(Likeness.difference(executed(21, 10, 1_000, 0, SERIAL), STEADY))
                .isEmpty();
        assertThat(Likeness.difference(executed(499, 10, 1_000, 0, SERIAL), STEADY))
                .isEmpty();
        assertThat(Likeness.difference(executed(19, 10, 1_000, 0, SERIAL), STEADY))
                .hasValueSatisfying(said -> assertThat(said)
                        .contains("it took 19.0 ms, and a call of the application takes 100.0 ms on average"));
        assertThat(Likeness.difference(executed(501, 10, 1_000, 0, SERIAL), STEADY))
                .isPresent();
    }

    @Test
    void timesThatVaryAllowForMore() throws Exception {
        var varying = calls(100, 100, 300, 1_000, 0);
        assertThat(Likeness.difference(executed(2, 10, 1_000, 0, SERIAL), varying))
                .isEmpty();
        assertThat(Likeness.difference(executed(1, 10, 1_000, 0, SERIAL), varying))
                .isPresent();
    }

    @Test
    void otherRowsAndOtherBlocksAreOtherValues() throws Exception {
        assertThat(Likeness.difference(executed(100, 0, 1_000, 0, SERIAL), STEADY))
                .hasValueSatisfying(said -> assertThat(said).contains("it returned 0 rows"));
        assertThat(Likeness.difference(executed(100, 101, 1_000, 0, SERIAL), STEADY))
                .isPresent();
        assertThat(Likeness.difference(executed(100, 99, 1_000, 0, SERIAL), STEADY))
                .isEmpty();
        assertThat(Likeness.difference(executed(100, 10, 99, 0, SERIAL), STEADY))
                .hasValueSatisfying(said -> assertThat(said).contains("it touched 99 blocks"));
    }

    @Test
    void whatDoesNotReadTheSameBlocksAgainMayBeQuicker() throws Exception {
        var cold = calls(100, 100, 10, 500, 500);
        assertThat(Likeness.difference(executed(3, 10, 1_000, 0, SERIAL), cold)).isEmpty();
        assertThat(Likeness.difference(executed(3, 10, 400, 0, SERIAL), cold)).isPresent();
        assertThat(Likeness.difference(executed(3, 10, 1_000, 0, SERIAL), STEADY))
                .isPresent();
    }

    @Test
    void oneProcessMayTakeTheTimeOfSeveral() throws Exception {
        var parallel = plan("""
                {"Node Type": "Gather", "Workers Planned": 2, "Plans": [{"Node Type": "Seq Scan", "Relation Name": "orders"}]}
                """);
        assertThat(Likeness.difference(executed(1_400, 10, 1_000, 0, parallel), STEADY))
                .isEmpty();
        assertThat(Likeness.difference(executed(1_600, 10, 1_000, 0, parallel), STEADY))
                .isPresent();
    }

    @Test
    void fewCallsHaveNoMean() throws Exception {
        assertThat(Likeness.difference(executed(1, 0, 1, 0, SERIAL), calls(4, 100, 10, 1_000, 0)))
                .isEmpty();
        assertThat(Likeness.difference(executed(1, 0, 1, 0, SERIAL), calls(5, 100, 10, 1_000, 0)))
                .isPresent();
    }
}
