// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import static io.viewkeeper.optimizer.finding.Plans.node;
import static io.viewkeeper.optimizer.finding.Plans.plan;
import static io.viewkeeper.optimizer.finding.Plans.scan;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.viewkeeper.optimizer.plan.Detail;
import io.viewkeeper.optimizer.plan.NodeType;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class IncrementalSortSpillTest {
    private final Rule rule = new IncrementalSortSpill();

    private static Plans.Node sort(Detail.@Nullable SortGroups full, Detail.@Nullable SortGroups presorted) {
        return node(
                        NodeType.INCREMENTAL_SORT,
                        scan(NodeType.INDEX_SCAN, "orders").actual(1_000, 30))
                .actual(1_000, 100)
                .detail(new Detail.IncrementalSort(
                        List.of("orders.status", "orders.placed_at DESC"), List.of("orders.status"), full, presorted));
    }

    private static Detail.SortGroups groups(long number, @Nullable Long diskKb) {
        return new Detail.SortGroups(number, List.of("external merge"), 26L, diskKb);
    }

    @Test
    void tellsTheLargestGroup() {
        var finding = plan(100, sort(groups(3, null), groups(2, 1_024L)))
                .findings(rule)
                .getFirst();

        assertThat(finding.impactMillis()).isEqualTo(70);
        assertThat(finding.evidence())
                .containsExactly(
                        entry("sortKeys", List.of("orders.status", "orders.placed_at DESC")),
                        entry("presortedKeys", List.of("orders.status")),
                        entry("rows", 1_000L),
                        entry("groups", 5L),
                        entry("peakDiskBytes", 1_048_576L),
                        entry("workMemBytes", 4L << 20),
                        entry("neededBytes", 2_097_152L),
                        entry(
                                "suggestedIndex",
                                "create index concurrently on \"public\".\"orders\" (\"status\", \"placed_at\" desc)"));
        assertThat(finding.what())
                .isEqualTo(
                        "A group of the incremental sort did not fit into work_mem: up to 1.0 MB went to temporary files.");
        assertThat(finding.advice())
                .contains("let an index give the whole order: create index")
                .contains("a work_mem of about 2 MB ");
    }

    @Test
    void looksAtGroupsSortedByAllKeysToo() {
        var finding = plan(100, sort(groups(3, 512L), null)).findings(rule).getFirst();

        assertThat(finding.evidence()).containsEntry("peakDiskBytes", 524_288L).containsEntry("groups", 3L);
    }

    @Test
    void leavesGroupsInMemoryAlone() {
        assertThat(plan(100, sort(groups(3, null), groups(2, null))).findings(rule))
                .isEmpty();
        assertThat(plan(100, sort(null, null)).findings(rule)).isEmpty();
    }
}
