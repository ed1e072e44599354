// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PromqlNamesTest {
    @Test
    void takesMetricsAndNoFunctionsKeywordsOrLabels() {
        assertThat(PromqlNames.of("""
                max by (database, view) (a_seconds{database=~"$database", x!='y{"'} offset 1d) # comment_here
                  > on (database) group_left () SUM without (kind) (rate(b_total[5m])) * Inf
                  or c:d:ratio1h unless ignoring (instance) label_replace(e, "dst", "$1", "src", `f`) <= bool 1e3
                """)).containsExactlyInAnyOrder("a_seconds", "b_total", "c:d:ratio1h", "e");
    }

    @Test
    void takesNothingFromRangesAndNumbers() {
        assertThat(PromqlNames.of("quantile_over_time(0.9, a[$__rate_interval:1m] @ end()) + 0x1f + 5"))
                .containsExactly("a");
    }

    @Test
    void takesAMetricThatIsCalledLikeAnAggregation() {
        assertThat(PromqlNames.of("sum + sum(count)")).containsExactlyInAnyOrder("sum", "count");
    }
}
