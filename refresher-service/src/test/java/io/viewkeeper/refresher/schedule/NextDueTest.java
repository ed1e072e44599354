package io.viewkeeper.refresher.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NextDueTest {
    private static final Instant T = Instant.parse("2026-11-22T09:00:00Z");
    private static final Duration FIVE = Duration.ofMinutes(5);

    @Test
    void keepsToTheGridThoughARefreshTakesTime() {
        assertThat(NextDue.afterSuccess(T, T.plusSeconds(20), FIVE)).isEqualTo(T.plus(FIVE));
    }

    @Test
    void doesNotMakeUpForTimesPassedOver() {
        assertThat(NextDue.afterSuccess(T, T.plus(Duration.ofMinutes(61)), FIVE))
                .isEqualTo(T.plus(Duration.ofMinutes(65)));
    }

    @Test
    void isAlwaysAfterNowAndWithinOneInterval() {
        var random = new Random(7);
        for (int i = 0; i < 10_000; i++) {
            var interval = Duration.ofMillis(1_000 + random.nextInt(100_000_000));
            var now = T.plusMillis(random.nextLong(1_000_000_000_000L));
            var next = NextDue.afterSuccess(T, now, interval);
            assertThat(next).isAfter(now).isBeforeOrEqualTo(now.plus(interval));
            assertThat(Duration.between(T, next).toMillis() % interval.toMillis())
                    .isZero();
        }
    }

    @Test
    void retriesBackOffAndNeverComeAfterTheSchedule() {
        var regular = T.plus(FIVE);
        assertThat(NextDue.afterFailure(regular, T, 1, 0)).isEqualTo(T.plusSeconds(10));
        assertThat(NextDue.afterFailure(regular, T, 2, 0)).isEqualTo(T.plusSeconds(20));
        assertThat(NextDue.afterFailure(regular, T, 3, 0.5)).isEqualTo(T.plusSeconds(44));
        assertThat(NextDue.afterFailure(regular, T, 6, 0)).isEqualTo(regular);
        assertThat(NextDue.afterFailure(regular, T, Integer.MAX_VALUE, 0.99)).isEqualTo(regular);
    }
}
