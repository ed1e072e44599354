// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import static io.viewkeeper.optimizer.finding.Plans.node;
import static io.viewkeeper.optimizer.finding.Plans.plan;
import static io.viewkeeper.optimizer.finding.Plans.scan;
import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.optimizer.plan.NodeType;
import io.viewkeeper.optimizer.plan.Target;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MaterialisedCteTest {
    private final Rule cte = new MaterialisedCte();

    private static Plans.Node cteScan(double removed, double kept) {
        return node(NodeType.CTE_SCAN)
                .target(new Target(null, null, "t", null, null, "totals", null, null, List.of()))
                .filter("(t.id = 42)", removed)
                .actual(kept, 450);
    }

    private static Plans.Node computed(NodeType type, double rows) {
        return node(type, scan(NodeType.SEQ_SCAN, "orders").actual(rows, 300))
                .subplan("InitPlan", "CTE totals")
                .actual(rows, 400);
    }

    private static Plans.Node withCte(Plans.Node computed, Plans.Node... scans) {
        var children = new Plans.Node[scans.length + 1];
        System.arraycopy(scans, 0, children, 1, scans.length);
        children[0] = computed;
        return node(NodeType.APPEND, children).actual(1, 1_000);
    }

    @Test
    void whatIsKeptIsNotRoundedAway() {
        var root = withCte(computed(NodeType.AGGREGATE, 800_000), cteScan(799_911, 89));

        assertThat(plan(1_000, root).findings(cte))
                .singleElement()
                .satisfies(finding -> assertThat(finding.what()).contains("at least 99.98 % of it"));
    }

    @Test
    void cteIsToldWithWhatIsThrownAway() {
        var root = withCte(computed(NodeType.AGGREGATE, 1_000), cteScan(750, 250));

        assertThat(plan(1_000, root).findings(cte)).singleElement().satisfies(finding -> {
            assertThat(finding.rule()).isEqualTo("materialised-cte");
            assertThat(finding.nodePath()).isEqualTo("0.0");
            assertThat(finding.impactMillis()).isEqualTo(300);
            assertThat(finding.severity()).isEqualTo(Severity.WARNING);
            assertThat(finding.what())
                    .isEqualTo(
                            "The CTE totals was computed whole (1,000 rows of public.orders), and at least 75 % of it was"
                                    + " thrown away where it is read.");
            assertThat(finding.advice()).startsWith("Write \"totals\" as not materialized (...)");
            assertThat(finding.evidence())
                    .isEqualTo(Map.of(
                            "cte",
                            "totals",
                            "rows",
                            1_000L,
                            "scans",
                            1L,
                            "leastRemovedShare",
                            0.75,
                            "filter",
                            "(t.id = ?)"));
        });
    }

    @Test
    void cteReadOnceMayKeepHalf() {
        assertThat(plan(1_000, withCte(computed(NodeType.AGGREGATE, 1_000), cteScan(499, 501)))
                        .findings(cte))
                .isEmpty();
        assertThat(plan(1_000, withCte(computed(NodeType.AGGREGATE, 1_000), cteScan(500, 500)))
                        .findings(cte))
                .hasSize(1);
    }

    @Test
    void cteReadTwiceMustFilterNearlyAllInBothPlaces() {
        assertThat(plan(1_000, withCte(computed(NodeType.AGGREGATE, 1_000), cteScan(899, 101), cteScan(999, 1)))
                        .findings(cte))
                .isEmpty();
        assertThat(plan(1_000, withCte(computed(NodeType.AGGREGATE, 1_000), cteScan(900, 100), cteScan(999, 1)))
                        .findings(cte))
                .singleElement()
                .satisfies(finding -> assertThat(finding.evidence())
                        .containsEntry("leastRemovedShare", 0.9)
                        .containsEntry("filter", "(t.id = ?); (t.id = ?)"));
    }

    @Test
    void smallCteIsFine() {
        assertThat(plan(1_000, withCte(computed(NodeType.AGGREGATE, 999), cteScan(990, 9)))
                        .findings(cte))
                .isEmpty();
    }

    @Test
    void cteThatCannotBeWrittenIntoTheQueryIsFine() {
        assertThat(plan(1_000, withCte(computed(NodeType.RECURSIVE_UNION, 1_000), cteScan(990, 10)))
                        .findings(cte))
                .isEmpty();
        assertThat(plan(1_000, withCte(computed(NodeType.MODIFY_TABLE, 1_000), cteScan(990, 10)))
                        .findings(cte))
                .isEmpty();
        assertThat(plan(1_000, withCte(computed(NodeType.LOCK_ROWS, 1_000), cteScan(990, 10)))
                        .findings(cte))
                .isEmpty();
    }

    @Test
    void cteThatNobodyReadsOrThatIsNoneIsNotTold() {
        assertThat(plan(1_000, withCte(computed(NodeType.AGGREGATE, 1_000))).findings(cte))
                .isEmpty();
        var initPlan = scan(NodeType.SEQ_SCAN, "orders")
                .subplan("InitPlan", "InitPlan 1")
                .actual(1_000, 400);
        assertThat(plan(1_000, withCte(initPlan, cteScan(990, 10))).findings(cte))
                .isEmpty();
        assertThat(plan(1_000, withCte(computed(NodeType.AGGREGATE, 1_000), cteScan(0, 0)))
                        .findings(cte))
                .isEmpty();
    }

    @Test
    void cteIsKnownWithoutTimes() {
        var untimed =
                withCte(computed(NodeType.AGGREGATE, 1_000), cteScan(990, 10)).untimed(1, 1);

        assertThat(plan(1_000, untimed).findings(cte))
                .extracting(Finding::impactMillis)
                .containsOnlyNulls()
                .hasSize(1);
    }
}
