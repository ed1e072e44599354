// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import static io.viewkeeper.optimizer.finding.Plans.node;
import static io.viewkeeper.optimizer.finding.Plans.plan;
import static io.viewkeeper.optimizer.finding.Plans.scan;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.viewkeeper.optimizer.plan.NodeType;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StaleStatisticsTest {
    private static final Instant SOME_DAY = Instant.parse("2026-11-01T00:00:00Z");
    private final Rule rule = new StaleStatistics();

    private static Plans.Whole events(double estimated) {
        var scanned = scan(NodeType.INDEX_SCAN, "events").estimated(estimated).actual(1_000, 20);
        return plan(100, node(NodeType.NESTED_LOOP, scanned).estimated(1).actual(1, 70));
    }

    private static TableFacts facts(double rows, long modified, @Nullable Instant analyzedAt) {
        return new TableFacts(
                1, rows, 1, modified, analyzedAt, analyzedAt == null ? null : Duration.ofHours(2), false, List.of());
    }

    @Test
    void tellsHowMuchChanged() {
        var finding = events(10)
                .table("events", facts(50_000, 10_000, SOME_DAY))
                .findings(rule)
                .getFirst();

        assertThat(finding.nodePath()).isEqualTo("0.0");
        // Of the loop, not of the scan below it.
        assertThat(finding.impactMillis()).isEqualTo(50);
        assertThat(finding.severity()).isEqualTo(Severity.CRITICAL);
        assertThat(finding.evidence())
                .containsExactly(
                        entry("relation", "public.events"),
                        entry("neverAnalyzed", false),
                        entry("modifiedSinceAnalyze", 10_000L),
                        entry("rows", 50_000L),
                        entry("factor", 100.0),
                        entry("affectedPath", "0"),
                        entry("secondsSinceAnalyze", 7_200L));
        assertThat(finding.what())
                .isEqualTo(
                        "10,000 rows of public.events changed since it was analyzed, and the planner was wrong about its"
                                + " rows by a factor of 100.");
        assertThat(finding.advice()).startsWith("Run analyze \"public\".\"events\";");
    }

    @Test
    void wantsAFifthAndAThousandRows() {
        assertThat(events(10).table("events", facts(50_000, 9_999, SOME_DAY)).findings(rule))
                .isEmpty();
        assertThat(events(10).table("events", facts(100, 999, SOME_DAY)).findings(rule))
                .isEmpty();
        assertThat(events(10).table("events", facts(100, 1_000, SOME_DAY)).findings(rule))
                .hasSize(1);
        assertThat(events(10).table("events", facts(0, 1_000, SOME_DAY)).findings(rule))
                .hasSize(1);
    }

    @Test
    void takesATableThatWasNeverAnalyzed() {
        var finding =
                events(10).table("events", facts(-1, 0, null)).findings(rule).getFirst();

        assertThat(finding.evidence()).containsEntry("neverAnalyzed", true).doesNotContainKey("secondsSinceAnalyze");
        assertThat(finding.what())
                .isEqualTo(
                        "public.events was never analyzed, and the planner was wrong about its rows by a factor of 100.");
    }

    @Test
    void saysNothingWhereTheEstimateWasGoodOrTheTableIsUnknown() {
        assertThat(events(1_000).table("events", facts(-1, 0, null)).findings(rule))
                .isEmpty();
        assertThat(events(10).findings(rule)).isEmpty();
    }
}
