// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import static io.viewkeeper.optimizer.finding.Plans.node;
import static io.viewkeeper.optimizer.finding.Plans.plan;
import static io.viewkeeper.optimizer.finding.Plans.scan;
import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.optimizer.plan.Detail;
import io.viewkeeper.optimizer.plan.NodeType;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MemoizeThrashTest {
    private final Rule rule = new MemoizeThrash();

    /** 500 ms: 400 of look-ups below, 100 of the cache. */
    private static Plans.Node cache(long hits, long misses, long evictions, long overflows) {
        return node(NodeType.MEMOIZE, scan(NodeType.INDEX_SCAN, "customers").actual(1, 400))
                .detail(new Detail.Memoize("o.customer_id", "logical", hits, misses, evictions, overflows, 100L))
                .actual(1, 500);
    }

    @Test
    void evictionsAreToldWithTheMemoryThatIsMissing() {
        assertThat(plan(1_000, cache(1_000, 4_000, 2_000, 1_000)).findings(rule))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.rule()).isEqualTo("memoize-thrash");
                    assertThat(finding.nodePath()).isEqualTo("0");
                    // 100 of the cache, and three of four look-ups whose entries were lost
                    assertThat(finding.impactMillis()).isEqualTo(400);
                    assertThat(finding.severity()).isEqualTo(Severity.WARNING);
                    assertThat(finding.what())
                            .isEqualTo(
                                    "The cache of public.customers had what was asked for in only 20 % of 5,000 lookups.");
                    // 100 kB held 1,000 entries; 4,000 take 400 kB, of which hash_mem_multiplier gives half
                    assertThat(finding.advice()).contains("a work_mem of about 1 MB");
                    assertThat(finding.evidence())
                            .isEqualTo(Map.of(
                                    "cacheKey", "o.customer_id",
                                    "hits", 1_000L,
                                    "misses", 4_000L,
                                    "evictionsAndOverflows", 3_000L,
                                    "hitShare", 0.2));
                });
    }

    @Test
    void keysThatComeOnceAreToldToBeMisestimated() {
        assertThat(plan(1_000, cache(0, 5_000, 0, 0)).findings(rule))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.impactMillis()).isEqualTo(100);
                    assertThat(finding.advice()).startsWith("The planner expected fewer different keys");
                });
    }

    @Test
    void aThousandLookupsAreNeeded() {
        assertThat(plan(1_000, cache(0, 999, 0, 0)).findings(rule)).isEmpty();
        assertThat(plan(1_000, cache(1, 999, 0, 0)).findings(rule)).hasSize(1);
    }

    @Test
    void aTenthOfHitsIsEnough() {
        assertThat(plan(1_000, cache(99, 901, 0, 0)).findings(rule)).hasSize(1);
        assertThat(plan(1_000, cache(100, 900, 0, 0)).findings(rule)).isEmpty();
    }

    @Test
    void lostEntriesMayNotExceedTheHits() {
        assertThat(plan(1_000, cache(1_000, 4_000, 600, 400)).findings(rule)).isEmpty();
        assertThat(plan(1_000, cache(1_000, 4_000, 601, 400)).findings(rule)).hasSize(1);
    }

    @Test
    void atMostAllLookupsCanBeSaved() {
        assertThat(plan(1_000, cache(100, 1_000, 1_000, 1_000)).findings(rule))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.impactMillis()).isEqualTo(500);
                    assertThat(finding.advice()).contains("a work_mem of about 49 MB");
                });
    }

    @Test
    void withoutAPeakThereIsNoMemoryToName() {
        var unknown = node(
                        NodeType.MEMOIZE, scan(NodeType.INDEX_SCAN, "customers").actual(1, 400))
                .detail(new Detail.Memoize("k", null, 0L, 5_000L, 4_000L, null, null))
                .actual(1, 500);

        assertThat(plan(1_000, unknown).findings(rule)).singleElement().satisfies(finding -> {
            assertThat(finding.advice()).startsWith("The planner expected fewer different keys");
            assertThat(finding.evidence()).containsEntry("evictionsAndOverflows", 4_000L);
        });
    }

    @Test
    void saysNothingWithoutFigures() {
        var planned = node(NodeType.MEMOIZE)
                .detail(new Detail.Memoize("k", null, null, null, null, null, null))
                .actual(1, 500);

        assertThat(plan(1_000, planned).findings(rule)).isEmpty();
        assertThat(plan(1_000, cache(0, 5_000, 0, 0).untimed(1, 1)).findings(rule))
                .extracting(Finding::impactMillis)
                .containsOnlyNulls()
                .hasSize(1);
        assertThat(plan(1_000, node(NodeType.MATERIALIZE).actual(1, 500)).findings(rule))
                .isEmpty();
    }
}
