// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import static io.viewkeeper.optimizer.finding.Plans.plan;
import static io.viewkeeper.optimizer.finding.Plans.scan;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.viewkeeper.optimizer.plan.Detail;
import io.viewkeeper.optimizer.plan.NodeType;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HeapFetchesTest {
    private final Rule rule = new HeapFetches();

    private static Plans.Node indexOnly(double rows, @Nullable Long fetches) {
        return scan(NodeType.INDEX_ONLY_SCAN, "days")
                .index("days_day")
                .actual(rows, 50)
                .detail(new Detail.Index(fetches, 1L));
    }

    @Test
    void asksForAVacuum() {
        var finding = plan(100, indexOnly(10_000, 1_000L)).findings(rule).getFirst();

        assertThat(finding.impactMillis()).isEqualTo(5);
        assertThat(finding.evidence())
                .containsExactly(
                        entry("relation", "public.days"),
                        entry("index", "days_day"),
                        entry("heapFetches", 1_000L),
                        entry("rows", 10_000L),
                        entry("fetchedShare", 0.1),
                        entry("materializedView", false));
        assertThat(finding.what())
                .isEqualTo(
                        "An index-only scan of public.days went to the table for 1,000 rows, 10 % of those it read.");
        assertThat(finding.advice()).startsWith("Run vacuum (analyze) \"public\".\"days\", and let autovacuum");
    }

    @Test
    void asksForAVacuumAfterEachRefreshOfAView() {
        var finding = plan(100, indexOnly(1_000, 2_000L))
                .table("days", new TableFacts(1, 1, 0.25, 0, null, null, true, List.of()))
                .findings(rule)
                .getFirst();

        assertThat(finding.impactMillis()).isEqualTo(50);
        assertThat(finding.evidence())
                .containsEntry("fetchedShare", 1.0)
                .containsEntry("materializedView", true)
                .containsEntry("allVisibleShare", 0.25);
        assertThat(finding.advice()).endsWith("run vacuum (analyze) \"public\".\"days\" after each refresh.");
    }

    @Test
    void leavesFewFetchesAlone() {
        assertThat(plan(100, indexOnly(10_001, 1_000L)).findings(rule)).isEmpty();
        assertThat(plan(100, indexOnly(1_000, 999L)).findings(rule)).isEmpty();
        assertThat(plan(100, indexOnly(1_000, null)).findings(rule)).isEmpty();
        var other = scan(NodeType.INDEX_SCAN, "days").actual(1, 5).detail(new Detail.Index(5_000L, 1L));
        assertThat(plan(100, other).findings(rule)).isEmpty();
    }
}
