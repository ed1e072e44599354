// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WindowTest {
    private static final Duration LENGTH = Duration.ofMinutes(5);

    private final Window<Long> window = new Window<>(LENGTH, Long::sum);
    private Instant now = Instant.parse("2026-11-22T12:00:00Z");

    @Test
    void isEmptyUntilSomethingWasCounted() {
        assertThat(window.sum(now)).isEmpty();
        window.add(now, 0L);
        assertThat(window.sum(now)).contains(0L);
    }

    @Test
    void forgetsWhatIsOlderThanItsLengthAlsoWhenNothingIsAdded() {
        window.add(now, 1L);
        advance(Duration.ofMinutes(3));
        window.add(now, 10L);
        assertThat(window.sum(now)).contains(11L);
        advance(Duration.ofMinutes(2));
        assertThat(window.sum(now)).contains(10L);
        advance(Duration.ofMinutes(3));
        assertThat(window.sum(now)).isEmpty();
    }

    @Test
    void aClockThatGoesBackLosesNothing() {
        window.add(now, 1L);
        now = now.minusSeconds(60);
        window.add(now, 2L);
        assertThat(window.sum(now)).contains(3L);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void holdsFewPartsAndAllThatBelongsToItHoweverOftenSamplesCome(long seed) {
        var random = new Random(seed);
        var counted = new TreeMap<Instant, Long>();
        for (int i = 0; i < 2_000; i++) {
            advance(Duration.ofMillis(random.nextInt(1, seed % 2 == 0 ? 1_000 : 40_000)));
            long delta = random.nextInt(100);
            window.add(now, delta);
            counted.merge(now, delta, Long::sum);
            assertThat(window.deltas(now)).hasSizeLessThanOrEqualTo(Window.PARTS + 1);
            assertThat(window.sum(now).orElseThrow())
                    .isLessThanOrEqualTo(sumAfter(counted, LENGTH))
                    .isGreaterThanOrEqualTo(sumAfter(counted, LENGTH.minus(LENGTH.dividedBy(Window.PARTS))));
        }
    }

    private long sumAfter(NavigableMap<Instant, Long> counted, Duration back) {
        return counted.tailMap(now.minus(back), false).values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    private void advance(Duration by) {
        now = now.plus(by);
    }
}
