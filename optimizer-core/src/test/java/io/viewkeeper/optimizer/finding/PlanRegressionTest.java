// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import static io.viewkeeper.optimizer.finding.Plans.node;
import static io.viewkeeper.optimizer.finding.Plans.plan;
import static io.viewkeeper.optimizer.finding.Plans.scan;
import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.optimizer.plan.NodeType;
import io.viewkeeper.optimizer.plan.Plan;
import io.viewkeeper.optimizer.plan.PlanShape;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PlanRegressionTest {
    private static final Instant SEEN = Instant.parse("2026-11-01T06:00:00Z");
    private final Rule rule = new PlanRegression();

    private static Plans.Node over(Plans.Node scan) {
        return node(NodeType.AGGREGATE, scan).actual(1, 110);
    }

    private static Plan earlier() {
        return plan(
                        50,
                        over(scan(NodeType.INDEX_SCAN, "orders")
                                .index("orders_idx")
                                .actual(10, 40)))
                .plan();
    }

    private static Plans.Whole now(long earlierCalls, double earlierMean, long calls, double mean) {
        return plan(120, over(scan(NodeType.SEQ_SCAN, "orders").actual(10, 100)))
                .history(new PlanHistory(earlier(), "4711", SEEN, earlierCalls, earlierMean, calls, mean));
    }

    @Test
    void regressionNamesBothPlansAndTheChangedNode() {
        var whole = now(40, 25, 30, 100);

        assertThat(whole.findings(rule)).singleElement().satisfies(finding -> {
            assertThat(finding.rule()).isEqualTo("plan-regression");
            assertThat(finding.severity()).isEqualTo(Severity.CRITICAL);
            assertThat(finding.nodePath()).isEqualTo("0.0");
            assertThat(finding.impactMillis()).isEqualTo(75);
            assertThat(finding.what())
                    .isEqualTo(
                            "The plan changed, and a call takes 4.0 times as long as before: Seq Scan on public.orders"
                                    + " instead of Index Scan using orders_idx on public.orders.");
            assertThat(finding.advice()).startsWith("Compare this plan with that of analysis 4711,");
            var expected = new HashMap<String, Object>(Map.of(
                    "earlierAnalysis",
                    "4711",
                    "earlierSeenAt",
                    "2026-11-01T06:00:00Z",
                    "earlierShape",
                    PlanShape.hash(earlier()),
                    "shape",
                    PlanShape.hash(whole.plan()),
                    "changedNode",
                    "0.0",
                    "change",
                    "Seq Scan on public.orders instead of Index Scan using orders_idx on public.orders",
                    "earlierCalls",
                    40L,
                    "calls",
                    30L));
            expected.putAll(Map.of("earlierMeanMillis", 25.0, "meanMillis", 100.0, "factor", 4.0));
            assertThat(finding.evidence()).isEqualTo(expected);
        });
    }

    @Test
    void eachPlanNeedsThirtyCalls() {
        assertThat(now(29, 25, 30, 100).findings(rule)).isEmpty();
        assertThat(now(30, 25, 29, 100).findings(rule)).isEmpty();
        assertThat(now(30, 25, 30, 100).findings(rule)).hasSize(1);
    }

    @Test
    void theMeanMustDouble() {
        assertThat(now(30, 25, 30, 49.9).findings(rule)).isEmpty();
        assertThat(now(30, 25, 30, 50).findings(rule)).hasSize(1);
    }

    @Test
    void aMeanOfNothingIsAMicrosecond() {
        assertThat(now(30, 0, 30, 0.001).findings(rule)).isEmpty();
        assertThat(now(30, 0, 30, 0.002).findings(rule))
                .singleElement()
                .satisfies(finding -> assertThat(finding.evidence()).containsEntry("factor", 2.0));
    }

    @Test
    void aNodeThatTookLessThanTheDifferenceIsNotAccountable() {
        assertThat(now(30, 25, 30, 125).findings(rule))
                .singleElement()
                .satisfies(finding -> assertThat(finding.nodePath()).isEqualTo("0.0"));
        assertThat(now(30, 25, 30, 126).findings(rule)).singleElement().satisfies(finding -> {
            assertThat(finding.nodePath()).isNull();
            assertThat(finding.evidence()).containsEntry("changedNode", "0.0");
        });
    }

    @Test
    void isKnownWithoutExecution() {
        var planned = plan(0, node(NodeType.AGGREGATE, scan(NodeType.SEQ_SCAN, "orders")))
                .history(new PlanHistory(earlier(), "4711", SEEN, 30, 25, 30, 500));

        assertThat(planned.findings(rule)).singleElement().satisfies(finding -> {
            assertThat(finding.nodePath()).isEqualTo("0.0");
            assertThat(finding.impactMillis()).isEqualTo(475);
        });
    }

    @Test
    void samePlanOrNoHistoryIsNoRegression() {
        var same = plan(
                        120,
                        over(scan(NodeType.INDEX_SCAN, "orders")
                                .index("orders_idx")
                                .actual(10, 100)))
                .history(new PlanHistory(earlier(), "4711", SEEN, 30, 25, 30, 100));

        assertThat(same.findings(rule)).isEmpty();
        assertThat(plan(120, over(scan(NodeType.SEQ_SCAN, "orders").actual(10, 100)))
                        .findings(rule))
                .isEmpty();
    }
}
