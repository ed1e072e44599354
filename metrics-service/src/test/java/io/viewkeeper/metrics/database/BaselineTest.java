// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.viewkeeper.schema.statement.Counters;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BaselineTest {
    private static final Instant STARTED = Instant.parse("2026-11-22T12:00:00Z");

    private final Baseline<String, Long> counts = new Baseline<>(Baseline::rise);
    private final Baseline<String, Counters> statements = new Baseline<>(Baseline::rise);

    @Test
    void theFirstSampleCountsNothing() {
        assertThat(counts.take(moment(1), Map.of("a", 5L), true)).isEmpty();
        assertThat(counts.take(moment(2), Map.of("a", 7L), true)).contains(Map.of("a", 2L));
    }

    @Test
    void whatFellOrIsNewCountsWithAllItHasAndWhatIsGoneWithNothing() {
        counts.take(moment(1), Map.of("fell", 5L, "gone", 9L), true);
        assertThat(counts.take(moment(2), Map.of("fell", 3L, "new", 4L), true)).contains(Map.of("fell", 3L, "new", 4L));
        assertThat(counts.take(moment(3), Map.of("gone", 2L), true)).contains(Map.of("gone", 2L));
    }

    @Test
    void whatAnIncompleteSampleLackedIsNotNew() {
        counts.take(moment(1), Map.of("seen", 5L), false);
        assertThat(counts.take(moment(2), Map.of("seen", 6L, "beyond the limit", 1_000L), true))
                .contains(Map.of("seen", 1L));
    }

    @Test
    void anotherServersPastIsNotCountedAndARestartedOnesGoesOn() {
        counts.take(moment(10), Map.of("a", 5L), true);
        var standby = new ServerMoment(STARTED.plusSeconds(11), STARTED.minusSeconds(1_000));
        assertThat(counts.take(standby, Map.of("a", 1_000L), true)).isEmpty();
        var restarted = new ServerMoment(STARTED.plusSeconds(30), STARTED.plusSeconds(20));
        assertThat(counts.take(restarted, Map.of("a", 1_001L), true)).contains(Map.of("a", 1L));
    }

    /** Its entry was there from when it was parsed, and hidden until its first call ended. */
    @Test
    void aFirstCallThatRanDuringTheLastSampleCounts() {
        statements.take(moment(10), Map.of("a", totals(100, 8)), true);
        var risen = statements
                .take(moment(20), Map.of("a", totals(100, 8), "long", totals(1, 9)), true)
                .orElseThrow();
        assertThat(calls(risen, "long")).isEqualTo(1);
    }

    @Test
    void whatARestartedServerSaysBeganBeforeTheLastSampleIsNotNew() {
        statements.take(moment(10), Map.of(), true);
        var restarted = new ServerMoment(STARTED.plusSeconds(30), STARTED.plusSeconds(20));
        assertThat(statements.take(restarted, Map.of("old", totals(50, 9), "new", totals(2, 22)), true))
                .hasValueSatisfying(risen -> assertThat(risen).containsOnlyKeys("new"));
    }

    @Test
    void whatTheServerSaysBeganBeforeAnIncompleteSampleIsNotNew() {
        statements.take(moment(10), Map.of("a", totals(100, 8)), false);
        var risen = statements
                .take(moment(20), Map.of("a", totals(130, 15), "old", totals(50, 9), "new", totals(2, 12)), true)
                .orElseThrow();
        assertThat(risen).containsOnlyKeys("a", "new");
        // Reset at second 15, and since then called more often than ever before.
        assertThat(calls(risen, "a")).isEqualTo(130);
        assertThat(calls(risen, "new")).isEqualTo(2);
    }

    @Test
    void theVarianceIsThatOfTheCallsInBetween() {
        statements.take(moment(1), Map.of("a", Counters.of(1_000_000, 5e6, 3, null)), true);
        // Two more calls, of 100 and 300 ms.
        double squares = 1e6 * 9 + 5e6 * 5 + 100 * 100 + 300 * 300;
        double mean = (5e6 + 400) / 1_000_002;
        double deviation = Math.sqrt(squares / 1_000_002 - mean * mean);
        var risen = statements
                .take(moment(2), Map.of("a", Counters.of(1_000_002, 5e6 + 400, deviation, null)), true)
                .orElseThrow()
                .values()
                .iterator()
                .next();
        assertThat(risen.meanMillis()).isCloseTo(200, within(1e-6));
        assertThat(Math.sqrt(risen.variance())).isCloseTo(100, within(0.1));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void calledTimesAreNeitherNegativeNorLostWhateverIsResetOrEvicted(long seed) {
        var random = new Random(seed);
        var server = new HashMap<String, List<Double>>();
        long called = 0;
        long counted = 0;
        statements.take(moment(0), Map.of(), true);
        for (int second = 1; second < 300; second++) {
            boolean disturbed = random.nextInt(10) == 0;
            if (disturbed) {
                // Sampled, then lost in part or in whole: nothing was called in between.
                server.keySet().removeIf(_ -> random.nextBoolean());
            }
            for (int call = 0; call < random.nextInt(20); call++) {
                server.computeIfAbsent("statement " + random.nextInt(5), _ -> new ArrayList<>())
                        .add(Math.exp(random.nextDouble(-2, 5)));
                called++;
            }
            var risen = statements.take(moment(second), totals(server), true).orElseThrow();
            for (var totals : risen.values()) {
                assertThat(totals.calls()).isNotNegative();
                assertThat(totals.totalMillis()).isNotNegative();
                if (totals.calls() > 0) {
                    assertThat(totals.variance()).isFinite().isNotNegative();
                }
                counted += totals.calls();
            }
        }
        // A counter that passed its former value within one interval hides some calls: up to 16 the server does not
        // tell.
        assertThat(counted).isLessThanOrEqualTo(called).isGreaterThan(called * 9 / 10);
    }

    private static Map<String, Counters> totals(Map<String, List<Double>> server) {
        var totals = new HashMap<String, Counters>();
        server.forEach((name, times) -> {
            double sum = times.stream().mapToDouble(Double::doubleValue).sum();
            double mean = sum / times.size();
            double variance = times.stream()
                    .mapToDouble(time -> (time - mean) * (time - mean))
                    .average()
                    .orElse(0);
            totals.put(name, Counters.of(times.size(), sum, Math.sqrt(variance), null));
        });
        return totals;
    }

    private static Counters totals(long calls, int since) {
        return Counters.of(calls, (double) calls, 0, STARTED.plusSeconds(since));
    }

    private static long calls(Map<String, Counters> risen, String name) {
        return Objects.requireNonNull(risen.get(name)).calls();
    }

    private static ServerMoment moment(int second) {
        return new ServerMoment(STARTED.plusSeconds(second), STARTED);
    }
}
