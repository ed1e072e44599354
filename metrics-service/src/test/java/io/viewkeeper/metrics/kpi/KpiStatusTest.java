// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics.kpi;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class KpiStatusTest {
    private static final Instant START = Instant.parse("2026-11-22T09:00:00Z");
    private static final Limits LIMITS = new Limits(Kpi.AVERAGE_QUERY_TIME, 100, 200);

    @Test
    void theFirstVerdictMayHaveHeldForLonger() {
        var first = next(null, 50, 0);
        assertThat(first.verdict()).isEqualTo(Verdict.OK);
        assertThat(first.sinceStart()).isTrue();
        var second = next(first, 60, 5);
        assertThat(second.since()).isEqualTo(START);
        assertThat(second.sinceStart()).isTrue();
    }

    @Test
    void aChangeIsSinceItWasSeen() {
        var critical = next(next(null, 50, 0), 300, 5);
        assertThat(critical.verdict()).isEqualTo(Verdict.CRITICAL);
        assertThat(critical.since()).isEqualTo(START.plusSeconds(5));
        assertThat(critical.sinceStart()).isFalse();
        var warning = next(next(critical, 250, 10), 150, 15);
        assertThat(warning.verdict()).isEqualTo(Verdict.WARNING);
        assertThat(warning.since()).isEqualTo(START.plusSeconds(15));
    }

    @Test
    void notToKnowAtFirstIsNoVerdict() {
        var unknown = unknown(null, 0);
        assertThat(unknown.verdict()).isEqualTo(Verdict.UNKNOWN);
        assertThat(unknown.sinceStart()).isTrue();
        var known = next(unknown, 50, 5);
        assertThat(known.since()).isEqualTo(START.plusSeconds(5));
        assertThat(known.sinceStart()).isTrue();
        var again = unknown(known, 10);
        assertThat(again.sinceStart()).isFalse();
        assertThat(next(again, 50, 15).sinceStart()).isFalse();
    }

    private static KpiStatus next(@Nullable KpiStatus before, double value, long second) {
        return KpiStatus.next(
                before, LIMITS, new Measurement(OptionalDouble.of(value), null), START.plusSeconds(second));
    }

    private static KpiStatus unknown(@Nullable KpiStatus before, long second) {
        return KpiStatus.next(before, LIMITS, Measurement.unknown("nobody asked"), START.plusSeconds(second));
    }
}
