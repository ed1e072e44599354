// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import static io.viewkeeper.optimizer.finding.Plans.node;
import static io.viewkeeper.optimizer.finding.Plans.plan;
import static io.viewkeeper.optimizer.finding.Plans.scan;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.viewkeeper.optimizer.plan.NodeType;
import io.viewkeeper.optimizer.plan.Removals;
import org.junit.jupiter.api.Test;

class LateLimitTest {
    private final Rule rule = new LateLimit();

    private static Plans.Node join(double rows) {
        return node(NodeType.HASH_JOIN, scan(NodeType.SEQ_SCAN, "orders").actual(rows, 20))
                .actual(rows, 60);
    }

    private static Plans.Node limit(double rows, Plans.Node input) {
        return node(NodeType.LIMIT, input).actual(rows, 100);
    }

    @Test
    void countsRowsThatWereMadeInVain() {
        var sorted = node(NodeType.SORT, node(NodeType.GATHER, join(1_000)).actual(1_000, 70))
                .actual(10, 90);
        var finding = plan(100, limit(10, sorted)).findings(rule).getFirst();

        assertThat(finding.nodePath()).isEqualTo("0");
        assertThat(finding.impactMillis()).isEqualTo(99);
        assertThat(finding.severity()).isEqualTo(Severity.CRITICAL);
        assertThat(finding.evidence())
                .containsExactly(
                        entry("rowsTaken", 10L),
                        entry("rowsMade", 1_000L),
                        entry("madeBy", "Gather"),
                        entry("madeByPath", "0.0.0"));
        assertThat(finding.what()).isEqualTo("A LIMIT took 10 of 1,000 rows that had been joined first (Gather).");
    }

    @Test
    void wantsAHundredTimesAsManyAndAThousand() {
        assertThat(plan(100, limit(11, node(NodeType.SORT, join(1_100)))).findings(rule))
                .hasSize(1);
        assertThat(plan(100, limit(11, node(NodeType.SORT, join(1_099)))).findings(rule))
                .isEmpty();
        assertThat(plan(100, limit(1, node(NodeType.SORT, join(999)))).findings(rule))
                .isEmpty();
        assertThat(plan(100, limit(0, node(NodeType.INCREMENTAL_SORT, join(1_000))))
                        .findings(rule))
                .hasSize(1);
    }

    @Test
    void leavesSortsOfOneRelationToOtherRules() {
        var sorted = node(NodeType.SORT, scan(NodeType.SEQ_SCAN, "orders").actual(90_000, 20));

        assertThat(plan(100, limit(10, sorted)).findings(rule)).isEmpty();
    }

    @Test
    void leavesGroupsAloneThatAllRowsAreNeededFor() {
        var groups = node(NodeType.AGGREGATE, join(90_000)).actual(5_000, 80);

        assertThat(plan(100, limit(10, node(NodeType.SORT, groups))).findings(rule))
                .isEmpty();
    }

    @Test
    void seesFiltersBetween() {
        var filtered = node(NodeType.SUBQUERY_SCAN, join(1_000)).filter("(n = 1)", 990);
        assertThat(plan(100, limit(10, filtered)).findings(rule)).hasSize(1);
        assertThat(plan(100, limit(10, node(NodeType.SUBQUERY_SCAN, join(1_000))))
                        .findings(rule))
                .isEmpty();
        var joined = join(10).removals(new Removals(990, 0, 0)).condition("filter", "(a.x <> b.x)");
        assertThat(plan(100, limit(10, joined)).findings(rule)).hasSize(1);
        assertThat(plan(100, limit(10, join(10).removals(new Removals(990, 0, 0))))
                        .findings(rule))
                .isEmpty();
    }

    @Test
    void saysNothingWithoutALimitThatRan() {
        assertThat(plan(100, node(NodeType.SORT, join(1_000))).findings(rule)).isEmpty();
        assertThat(plan(
                                100,
                                node(NodeType.LIMIT, node(NodeType.SORT, join(1_000)))
                                        .neverExecuted())
                        .findings(rule))
                .isEmpty();
        assertThat(plan(100, limit(1, node(NodeType.RESULT))).findings(rule)).isEmpty();
    }
}
