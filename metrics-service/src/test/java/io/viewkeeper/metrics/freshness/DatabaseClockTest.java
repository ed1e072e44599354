// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics.freshness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class DatabaseClockTest {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final DatabaseClock clock = new DatabaseClock();

    @Test
    void knowsNothingBeforeTheDatabaseWasAsked() {
        assertThatThrownBy(clock::instant).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void goesOnFromTheMiddleBetweenQuestionAndAnswer() {
        clock.said(NOON, 10 * SECOND, 12 * SECOND);
        assertThat(clock.at(11 * SECOND)).isEqualTo(NOON);
        assertThat(clock.at(71 * SECOND)).isEqualTo(NOON.plusSeconds(60));
        assertThat(clock.at(SECOND)).isEqualTo(NOON.minusSeconds(10));
    }

    @Test
    void anAnswerThatTookLongCorrectsNothingThatItDoesNotContradict() {
        clock.said(NOON, 10 * SECOND, 10 * SECOND);
        // Said right after the question: half-way it seems to be four seconds late.
        clock.said(NOON.plusSeconds(10), 20 * SECOND, 28 * SECOND);
        assertThat(clock.at(30 * SECOND)).isEqualTo(NOON.plusSeconds(20));
        clock.said(NOON.plusSeconds(35), 40 * SECOND, 40 * SECOND);
        assertThat(clock.at(40 * SECOND)).isEqualTo(NOON.plusSeconds(35));
    }

    @Test
    void followsADatabaseWhoseClockWasSetOrThatIsAnotherNow() {
        clock.said(NOON, 10 * SECOND, 10 * SECOND);
        clock.said(NOON.minusSeconds(3600), 15 * SECOND, 16 * SECOND);
        assertThat(clock.at(15 * SECOND + SECOND / 2)).isEqualTo(NOON.minusSeconds(3600));
    }

    @Test
    void runsAsTimeDoes() {
        long before = System.nanoTime();
        clock.said(NOON, before, before);
        assertThat(Duration.between(NOON, clock.instant()))
                .isBetween(Duration.ZERO, Duration.ofNanos(System.nanoTime() - before));
    }
}
