// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.optimizer.finding.Context;
import io.viewkeeper.optimizer.finding.Findings;
import io.viewkeeper.optimizer.plan.MalformedPlanException;
import io.viewkeeper.optimizer.plan.PlanReader;
import org.junit.jupiter.api.Test;

class PlanPageTest {
    /** What PostgreSQL 18 said, shortened. */
    private static final String LOCKED = """
            [{"Plan": {"Node Type": "LockRows",
              "Actual Startup Time": 702.390, "Actual Total Time": 702.398, "Actual Rows": 1.00, "Actual Loops": 1,
              "Plans": [{"Node Type": "Index Scan", "Parent Relationship": "Outer",
                "Relation Name": "t", "Schema": "public", "Alias": "t", "Index Name": "t_pkey", "Index Cond": "(t.id = 1)",
                "Actual Startup Time": 0.045, "Actual Total Time": 0.047, "Actual Rows": 1.00, "Actual Loops": 1}]},
              "Execution Time": 702.469}]
            """;

    private static final String READ = """
            [{"Plan": {"Node Type": "Seq Scan", "Relation Name": "orders", "Schema": "public", "Alias": "orders",
              "Actual Startup Time": 0.010, "Actual Total Time": %1$s, "Actual Rows": 400000.00, "Actual Loops": 1},
              "Execution Time": %1$s}]
            """;

    private static String page(String json) throws MalformedPlanException {
        var plan = PlanReader.read(json).getFirst();
        return PlanPage.of(plan, Findings.of(Context.of(plan)));
    }

    @Test
    void tellsOfALock() throws Exception {
        assertThat(page(LOCKED))
                .startsWith(
                        "Findings, in the order in which to see to them:\n 1. hidden-time (critical, up to 702.4 ms)")
                .contains("pg_blocking_pids(pid)")
                .doesNotContain("Most of the time");
    }

    @Test
    void tellsWhereALongExecutionWasThoughNothingIsToBeMended() throws Exception {
        assertThat(page(READ.formatted("436.0")))
                .startsWith(
                        "No rule finds anything to mend.\nMost of the time, 436 of 436 ms, went into Seq Scan on public.orders");
        assertThat(page(READ.formatted("9.0"))).startsWith("Nothing worth reporting was found.\n\n");
    }
}
