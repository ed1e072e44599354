// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.statement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CountersTest {
    private static final Instant SINCE = Instant.parse("2026-11-22T09:00:00Z");

    @Test
    void whatWasCountedInBetweenHasItsOwnMeanAndDeviation() {
        double[] first = {10, 20, 30, 40};
        double[] later = {1_000, 1_200, 1_400};
        var earlier = counted(SINCE, first);
        var now = counted(
                SINCE,
                DoubleStream.concat(Arrays.stream(first), Arrays.stream(later)).toArray());
        var between = now.since(earlier);
        assertThat(between.calls()).isEqualTo(3);
        assertThat(between.meanMillis()).isCloseTo(1_200, within(1e-6));
        assertThat(between.deviationMillis()).isCloseTo(Math.sqrt(80_000.0 / 3), within(1e-6));
    }

    @Test
    void countersThatWentDownBeganAnew() {
        var between = counted(null, 5, 7).since(counted(null, 1_000, 1_000, 1_000));
        assertThat(between.calls()).isEqualTo(2);
        assertThat(between.meanMillis()).isEqualTo(6);
    }

    @Test
    void anEntryThatCameBackWithMoreCallsThanBeforeIsKnownByItsBeginning() {
        var before = counted(SINCE, 1_000, 1_000);
        var evictedAndBack = counted(SINCE.plusSeconds(60), 2_000, 2_000, 2_000);
        assertThat(evictedAndBack.since(before).calls()).isEqualTo(3);
        assertThat(counted(SINCE, 2_000, 2_000, 2_000).since(before).calls()).isEqualTo(1);
    }

    @Test
    void nothingInBetweenIsNoTimeAtAll() {
        var same = counted(SINCE, 3.3, 4.4);
        assertThat(same.since(same).calls()).isZero();
        assertThat(same.since(same).meanMillis()).isZero();
        assertThat(same.since(same).deviationMillis()).isZero();
    }

    @Test
    void entriesOfOneStatementAddUp() {
        var both = counted(SINCE, 1, 3).plus(counted(SINCE, 5));
        assertThat(both.calls()).isEqualTo(3);
        assertThat(both.meanMillis()).isEqualTo(3);
        assertThat(both.extremes().min()).isEqualTo(1);
        assertThat(both.extremes().max()).isEqualTo(5);
    }

    @Test
    void thePercentileOfLognormalTimesIsWithinTwoPercentOfTheTrueOne() {
        var random = new Random(20261122);
        double[] times = random.doubles(200_000)
                .map(_ -> Math.exp(4 + 0.5 * random.nextGaussian()))
                .toArray();
        double[] sorted = times.clone();
        Arrays.sort(sorted);
        var estimate = Percentile.of(0.95, List.of(counted(SINCE, times))).orElseThrow();
        assertThat(estimate.millis() / sorted[(int) (0.95 * sorted.length)]).isCloseTo(1, within(0.02));
        assertThat(estimate.certain()).isTrue();
    }

    private static Counters counted(@Nullable Instant since, double... times) {
        double mean = Arrays.stream(times).average().orElse(0);
        double variance = Arrays.stream(times)
                .map(time -> (time - mean) * (time - mean))
                .average()
                .orElse(0);
        return Counters.of(times.length, Arrays.stream(times).sum(), Math.sqrt(variance), since)
                .with(
                        new Extremes(
                                Arrays.stream(times).min().orElse(0),
                                Arrays.stream(times).max().orElse(0)),
                        times.length,
                        Blocks.NONE);
    }
}
