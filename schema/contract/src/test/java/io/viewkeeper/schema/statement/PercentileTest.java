// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.statement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PercentileTest {
    private static final Percentage EXACT = Percentage.withPercentage(0.001);

    @Test
    void isUnknownWithoutCalls() {
        assertThat(Percentile.of(0.95, List.of())).isEmpty();
        assertThat(Percentile.of(0.95, List.of(Counters.of(0, 0, 0, null)))).isEmpty();
    }

    @Test
    void equalTimesArePointsOfWhichTheOneAtNinetyFivePercentCounts() {
        var quick = Counters.of(95, 95 * 2.0, 0, null);
        var slow = Counters.of(5, 5 * 700.0, 0, null);
        assertThat(p95(List.of(quick, slow))).isCloseTo(2, EXACT);
        assertThat(p95(List.of(quick, Counters.of(6, 6 * 700.0, 0, null)))).isCloseTo(700, EXACT);
        assertThat(p95(List.of(Counters.of(1, 0, 0, null)))).isCloseTo(0, within(1e-4));
    }

    @Test
    void noCallTookLongerThanTheLongest() {
        assertThat(p95(List.of(totals(new double[] {1, 2})))).isEqualTo(2);
        assertThat(p95(List.of(totals(new double[] {1, 2}), Counters.of(1, 1, 0, null))))
                .isGreaterThan(2);
    }

    @Test
    void oneStatementHasTheQuantileOfItsLognormal() {
        // Mean 10 and deviation 10: the logarithms' variance is ln 2.
        double expected = Math.exp(Math.log(10) - Math.log(2) / 2 + 1.6448536 * Math.sqrt(Math.log(2)));
        assertThat(p95(List.of(Counters.of(1_000, 10_000, 10, null)))).isCloseTo(expected, EXACT);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void isCloseToTheTruthOfLognormalTimes(long seed) {
        var random = new Random(seed);
        var times = new ArrayList<Double>();
        var totals = new ArrayList<Counters>();
        for (int statement = 0; statement < 1 + random.nextInt(8); statement++) {
            double centre = random.nextDouble(-2, 6);
            double spread = random.nextDouble(0, 0.8);
            var calls = random.doubles(20_000).map(_ -> Math.exp(centre + spread * random.nextGaussian()));
            totals.add(totals(calls.peek(times::add).toArray()));
        }
        times.sort(null);
        double truth = times.get((int) (times.size() * 0.95));
        assertThat(p95(totals)).isCloseTo(truth, Percentage.withPercentage(3));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void isFiniteOfAnyCountersScalesWithThemAndGrowsWithTheShare(long seed) {
        var random = new Random(seed);
        for (int i = 0; i < 200; i++) {
            var totals = new ArrayList<Counters>();
            var doubled = new ArrayList<Counters>();
            for (int statement = 0; statement < 1 + random.nextInt(5); statement++) {
                long calls = 1L + random.nextInt(1_000);
                double millis = Math.exp(random.nextDouble(-3, 12));
                double deviation = random.nextBoolean() ? 0 : millis / calls * Math.exp(random.nextDouble(-20, 3));
                totals.add(Counters.of(calls, millis, deviation, null));
                doubled.add(Counters.of(calls, 2 * millis, 2 * deviation, null));
            }
            double estimate = p95(totals);
            assertThat(estimate).isFinite().isPositive();
            assertThat(p95(doubled)).isCloseTo(2 * estimate, Percentage.withPercentage(0.01));
            assertThat(Percentile.of(0.5, totals).orElseThrow().millis()).isLessThanOrEqualTo(estimate * 1.000001);
        }
    }

    /** What was shown as 31.8 ms is 3.9, and what was shown as 80 is 201. */
    @ParameterizedTest
    @CsvSource({"967, 33, 3.9", "900, 100, 201", "700, 300, 201", "990, 10, 3.9", "995, 5, 3.9", "500, 500, 201"})
    void quickAndSlowCallsOfOneStatementAreToldApart(int quick, int slow, double truth) {
        var times = DoubleStream.concat(
                IntStream.range(0, quick).mapToDouble(i -> 3.9 + 0.1 * Math.sin(i)),
                IntStream.range(0, slow).mapToDouble(i -> 201 + 2 * Math.sin(i)));
        assertThat(p95(List.of(totals(times.toArray())))).isCloseTo(truth, Percentage.withPercentage(10));
    }

    @Test
    void whereTheShareOfSlowCallsIsAboutThatOfThePercentileItCannotBeKnown() {
        var times = DoubleStream.concat(
                IntStream.range(0, 950).mapToDouble(i -> 3.9 + 0.1 * Math.sin(i)),
                IntStream.range(0, 50).mapToDouble(i -> 201 + 2 * Math.sin(i)));
        assertThat(Percentile.of(0.95, List.of(totals(times.toArray()))))
                .hasValueSatisfying(estimate -> assertThat(estimate.certain()).isFalse());
    }

    /** The extremes are of the statement's whole life: one old outlier must not hide that there are two kinds of calls. */
    @Test
    void anOldOutlierMakesTheEstimateUnknownRatherThanWrong() {
        var times = DoubleStream.concat(
                IntStream.range(0, 900).mapToDouble(i -> 3.9 + 0.1 * Math.sin(i)),
                IntStream.range(0, 100).mapToDouble(i -> 201 + 2 * Math.sin(i)));
        var totals = totals(times.toArray());
        var longLived = totals.with(new Extremes(totals.extremes().min(), 60_000), 0, Blocks.NONE);
        assertThat(Percentile.of(0.95, List.of(longLived)))
                .hasValueSatisfying(estimate -> assertThat(estimate.certain()).isFalse());
    }

    /** Whatever the mixture: within a factor of three, or unknown. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void isHardlyEverWrongByMoreThanThreeOfMixtures(long seed) {
        var random = new Random(seed);
        int wrong = 0;
        int unknown = 0;
        for (int i = 0; i < 200; i++) {
            double share = random.nextDouble(0.005, 0.5);
            double factor = Math.exp(random.nextDouble(1, 7));
            double spread = random.nextDouble(0.03, 0.5);
            var times = random.doubles(1_000)
                    .map(d -> (d < share ? factor : 1) * Math.exp(spread * random.nextGaussian()))
                    .sorted()
                    .toArray();
            var estimate = Percentile.of(0.95, List.of(totals(times)))
                    .filter(Percentile::certain)
                    .map(Percentile::millis);
            double truth = times[950];
            unknown += estimate.isEmpty() ? 1 : 0;
            wrong += estimate.stream().anyMatch(value -> value > 3 * truth || value < truth / 3) ? 1 : 0;
        }
        assertThat(wrong).isLessThanOrEqualTo(4);
        assertThat(unknown).isLessThan(130);
    }

    private static Counters totals(double[] times) {
        double mean = Arrays.stream(times).average().orElseThrow();
        double variance = Arrays.stream(times)
                .map(time -> (time - mean) * (time - mean))
                .average()
                .orElseThrow();
        var extremes = new Extremes(
                Arrays.stream(times).min().orElseThrow(),
                Arrays.stream(times).max().orElseThrow());
        return Counters.of(times.length, mean * times.length, Math.sqrt(variance), null)
                .with(extremes, 0, Blocks.NONE);
    }

    private static double p95(List<Counters> totals) {
        var percentile = Percentile.of(0.95, totals).orElseThrow();
        assertThat(percentile.certain()).isTrue();
        return percentile.millis();
    }
}
