// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.metrics.kpi.Kpi;
import io.viewkeeper.metrics.kpi.KpiStatus;
import io.viewkeeper.metrics.kpi.Limits;
import io.viewkeeper.metrics.kpi.Measurement;
import io.viewkeeper.metrics.kpi.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class KpiPageTest {
    private static final Instant START = Instant.parse("2026-11-22T09:00:00Z");
    private static final Limits TIME = new Limits(Kpi.AVERAGE_QUERY_TIME, 100, 200);

    @Test
    void aTerminalShowsVerdictsLimitsAndReasons() {
        var changed = new KpiStatus(TIME, measured(300.04), Verdict.CRITICAL, START.plusSeconds(5), false);
        var hits = new KpiStatus(
                new Limits(Kpi.CACHE_HIT_RATIO, 0.95, 0.9), measured(0.92345), Verdict.WARNING, START, true);
        var infinite = new KpiStatus(
                new Limits(Kpi.VIEW_FRESHNESS, 5, 10),
                new Measurement(OptionalDouble.of(Double.POSITIVE_INFINITY), "a.\u001b[31mred was never refreshed."),
                Verdict.CRITICAL,
                START,
                true);
        var unknown = new KpiStatus(
                TIME, new Measurement(OptionalDouble.empty(), "nobody asked"), Verdict.UNKNOWN, START, true);
        assertThat(KpiPage.of("shop", List.of(changed, hits, infinite, unknown)))
                .isEqualTo("""
                KPIs of shop

                KPI                 VERDICT   VALUE         TARGET      ALERT       SINCE
                average-query-time  critical  300.0 ms      <= 100      > 200       2026-11-22T09:00:05Z
                cache-hit-ratio     warning   0.9235        >= 0.95     < 0.9       2026-11-22T09:00:00Z or before
                view-freshness      critical  infinite      <= 5        > 10        2026-11-22T09:00:00Z or before
                  a.\\u001b[31mred was never refreshed.
                average-query-time  unknown   unknown       <= 100      > 200       2026-11-22T09:00:00Z or before
                  nobody asked
                """);
    }

    private static Measurement measured(double value) {
        return new Measurement(OptionalDouble.of(value), null);
    }
}
