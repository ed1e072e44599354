// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.optimizer.finding.Slowdown.Calls;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class SlowdownTest {
    private static final Instant START = Instant.parse("2026-11-01T06:00:00Z");

    /** One an hour. */
    private static List<Calls> windows(Calls... windows) {
        var all = new ArrayList<Calls>();
        for (int i = 0; i < windows.length; i++) {
            Calls one = windows[i];
            all.add(new Calls(
                    START.plus(Duration.ofHours(i)),
                    START.plus(Duration.ofHours(i + 1)),
                    one.calls(),
                    one.millis(),
                    one.squareMillis(),
                    one.rows(),
                    one.blocks(),
                    one.read()));
        }
        return all;
    }

    /** @param blocks of a call, as rows */
    private static Calls calls(long calls, double mean, double deviation, long rows, long blocks) {
        return new Calls(
                START,
                START,
                calls,
                calls * mean,
                calls * (mean * mean + deviation * deviation),
                rows * calls,
                blocks * calls,
                0);
    }

    private static Calls calls(long calls, double mean) {
        return calls(calls, mean, mean / 10, 1, 100);
    }

    private static Slowdown found(Calls... windows) {
        return Objects.requireNonNull(Slowdown.in(windows(windows)));
    }

    @Test
    void aRiseIsFoundWhereItBegan() {
        var slowdown = found(calls(100, 5), calls(100, 6), calls(20, 1_090), calls(20, 1_100));
        assertThat(slowdown.since()).isEqualTo(START.plus(Duration.ofHours(2)));
        assertThat(slowdown.before().meanMillis()).isEqualTo(5.5);
        assertThat(slowdown.after().meanMillis()).isEqualTo(1_095);
        assertThat(slowdown.finding(true, null)).satisfies(finding -> {
            assertThat(finding.rule()).isEqualTo("plan-regression");
            assertThat(finding.severity()).isEqualTo(Severity.CRITICAL);
            assertThat(finding.what())
                    .isEqualTo(
                            "The mean time rose from 5.50 ms to 1,095 ms a call, to 199 times as much, over 40 calls since 2026-11-01T08:00:00Z."
                                    + " No plan of before is kept, this is the one now, so whether it changed is not known."
                                    + " A call touches about as many blocks as before, 100, for about as many rows.");
            assertThat(finding.impactMillis()).isEqualTo(1_089.5);
        });
    }

    @Test
    void eachSideNeedsThirtyCallsAndTwiceTheTime() {
        assertThat(Slowdown.in(windows(calls(29, 5), calls(100, 500)))).isNull();
        assertThat(Slowdown.in(windows(calls(30, 5), calls(29, 500)))).isNull();
        assertThat(Slowdown.in(windows(calls(30, 5), calls(30, 500)))).isNotNull();
        assertThat(Slowdown.in(windows(calls(100, 50), calls(100, 99)))).isNull();
        assertThat(Slowdown.in(windows(calls(100, 0.1), calls(100, 0.9)))).isNull();
        assertThat(Slowdown.in(List.of())).isNull();
    }

    @Test
    void whatTheTimesVaryByIsNoRise() {
        assertThat(Slowdown.in(windows(calls(40, 10, 80, 1, 1), calls(40, 30, 80, 1, 1))))
                .isNull();
        assertThat(Slowdown.in(windows(calls(40, 10, 8, 1, 1), calls(40, 30, 8, 1, 1))))
                .isNotNull();
    }

    @Test
    void whatIsQuickAgainIsNoSlowdown() {
        assertThat(Slowdown.in(windows(calls(100, 5), calls(100, 500), calls(40, 5))))
                .isNull();
    }

    @Test
    void moreRowsAreMoreWorkAndMoreBlocksForAsManyRowsAreNot() {
        var grown =
                found(calls(40, 5, 1, 10, 100), calls(40, 50, 1, 100, 1_000)).finding(true, null);
        assertThat(grown.severity()).isEqualTo(Severity.INFO);
        assertThat(grown.what()).endsWith("A call returns 100 rows, and returned 10: it does more than before.");
        var lost = found(calls(40, 5, 1, 10, 100), calls(40, 50, 1, 10, 9_000)).finding(true, null);
        assertThat(lost.severity()).isEqualTo(Severity.CRITICAL);
        assertThat(lost.what()).endsWith("A call touches 9,000 blocks, and touched 100, for about as many rows.");
        assertThat(lost.advice()).contains("an index that is gone");
    }

    @Test
    void aChangedPlanIsSaidOnlyWhereBothAreKnown() {
        var slowdown = found(calls(40, 5), calls(40, 500));
        assertThat(slowdown.finding(true, new Slowdown.EarlierPlan("4711", true))
                        .what())
                .contains("The plan is that of analysis 4711, before it.");
        assertThat(slowdown.finding(true, new Slowdown.EarlierPlan("4711", false))
                        .what())
                .contains("The plan is another one than in analysis 4711, before it.");
        assertThat(slowdown.finding(false, new Slowdown.EarlierPlan("4711", false))
                        .what())
                .contains("No plan of before is kept, and there is none now");
    }
}
