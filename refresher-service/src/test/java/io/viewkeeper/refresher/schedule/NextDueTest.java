// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.schema.event.ViewName;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.HashSet;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NextDueTest {
    private static final Instant T = Instant.parse("2026-11-22T09:00:00Z");
    private static final Duration FIVE = Duration.ofMinutes(5);
    private static final ViewName VIEW = new ViewName("sales", "totals");
    private static final Retry RETRY =
            new Retry(Duration.ofSeconds(10), Duration.ofMinutes(10), 10, Optional.of(Duration.ofHours(1)));

    @Test
    void keepsToTheGridThoughARefreshTakesTime() {
        assertThat(after(every(FIVE), T, T.plusSeconds(20)).at()).isEqualTo(T.plus(FIVE));
    }

    @Test
    void doesNotMakeUpForTimesPassedOver() {
        assertThat(after(every(FIVE), T, T.plus(Duration.ofMinutes(61))).at())
                .isEqualTo(T.plus(Duration.ofMinutes(65)));
    }

    @Test
    void isAlwaysAfterNowAndWithinOneInterval() {
        var random = new Random(7);
        for (int i = 0; i < 10_000; i++) {
            var interval = Duration.ofMillis(2_000 + random.nextInt(100_000_000));
            var now = T.plusMillis(random.nextLong(1_000_000_000_000L));
            var next = after(every(interval), T, now).at();
            assertThat(next).isAfter(now).isBeforeOrEqualTo(now.plus(interval));
            assertThat(Duration.between(T, next).toMillis() % interval.toMillis())
                    .isZero();
        }
    }

    @Test
    void aSuspensionFollowsTheIntervalAndGrowsToWhatIsAllowed() {
        for (int further = 0; further < 4; further++) {
            assertThat(NextDue.afterSuspension(RETRY, every(Duration.ofSeconds(10)), T, further))
                    .contains(T.plusSeconds(20L << further));
        }
        assertThat(NextDue.afterSuspension(RETRY, every(Duration.ofSeconds(10)), T, 1_000))
                .contains(T.plus(Duration.ofHours(1)));
        assertThat(NextDue.afterSuspension(RETRY, every(Duration.ofHours(24)), T, 0))
                .as("never more often than its schedule")
                .contains(T.plus(Duration.ofHours(48)));
        assertThat(NextDue.afterSuspension(RETRY, every(Duration.ofHours(24)), T, 9))
                .contains(T.plus(Duration.ofHours(96)));
        var never = new Retry(Duration.ofSeconds(10), Duration.ofMinutes(10), 10, Optional.empty());
        assertThat(NextDue.afterSuspension(never, every(FIVE), T, 0)).isEmpty();
    }

    @Test
    void viewsThatBeganTogetherArePartFromTheSecondTimeOn() {
        var timing = new Timing(new Schedule.Every(FIVE), FIVE.multipliedBy(2), Duration.ofSeconds(30));
        var times = new HashSet<Instant>();
        for (int i = 0; i < 50; i++) {
            var first = new NextDue.Course(
                    new ViewName("s", "v" + i), T, false, Duration.ZERO, T.plusSeconds(1), Duration.ofSeconds(1));
            var second = NextDue.afterSuccess(timing, first).at();
            assertThat(second).isBetween(T.plus(FIVE).minusSeconds(30), T.plus(FIVE));
            times.add(second);
            var then = new NextDue.Course(
                    first.view(), second, true, Duration.ZERO, second.plusSeconds(1), Duration.ofSeconds(1));
            assertThat(NextDue.afterSuccess(timing, then).at()).isEqualTo(second.plus(FIVE));
        }
        assertThat(times).hasSizeGreaterThan(30);
    }

    @Test
    void beginsEarlierWhereTheDataWouldElseBecomeTooOld() {
        var timing = new Timing(new Schedule.Every(FIVE), FIVE, Duration.ZERO);
        var course =
                new NextDue.Course(VIEW, T, true, Duration.ofSeconds(60), T.plusSeconds(60), Duration.ofSeconds(60));
        NextDue.Next next = NextDue.afterSuccess(timing, course);
        // 5 min after the snapshot at T the next one must have ended: a minute before, less the slack of 30 s.
        assertThat(next.at()).isEqualTo(T.plus(FIVE).minusSeconds(90));
        assertThat(next.targetRisk()).isNull();
    }

    @Test
    void aTargetAloneIsMetAsLateAsIsSafe() {
        var timing = new Timing(new Schedule.ByTarget(), Duration.ofMinutes(10), Duration.ZERO);
        var course =
                new NextDue.Course(VIEW, T, false, Duration.ofSeconds(5), T.plusSeconds(5), Duration.ofSeconds(20));
        assertThat(NextDue.afterSuccess(timing, course))
                .isEqualTo(new NextDue.Next(T.plusSeconds(600 - 20 - 30), null));
    }

    @ParameterizedTest
    @CsvSource({"interval, 300", "target, 500"})
    void whatCannotBeMetIsSaidAndNotTriedWithoutRest(String schedule, long seconds) {
        var timing =
                schedule.equals("interval") ? every(FIVE) : new Timing(new Schedule.ByTarget(), FIVE, Duration.ZERO);
        Duration takes = Duration.ofSeconds(seconds).plusSeconds(100);
        var course = new NextDue.Course(VIEW, T, true, takes, T.plus(takes), takes);
        NextDue.Next next = NextDue.afterSuccess(timing, course);
        assertThat(next.targetRisk()).contains("takes about").contains("5m");
        assertThat(Duration.between(course.now(), next.at())).isGreaterThanOrEqualTo(takes);
    }

    @Test
    void aCronScheduleThatLeavesTheDataTooOldIsSaid() {
        var timing = new Timing(Schedule.Cron.of("0 2 * * *", ZoneId.of("UTC")), Duration.ofHours(1), Duration.ZERO);
        var next = NextDue.afterSuccess(
                timing, new NextDue.Course(VIEW, T, true, Duration.ZERO, T, Duration.ofSeconds(1)));
        assertThat(next.at()).isEqualTo(Instant.parse("2026-11-23T02:00:00Z"));
        assertThat(next.targetRisk()).contains("0 2 * * *").contains("1h");
    }

    @ParameterizedTest
    @CsvSource({
        // The night in which Berlin skips 2:00 to 3:00, and the one that has it twice.
        "2026-03-28T12:00:00Z, 2026-03-29T01:30:00Z",
        "2026-03-29T01:30:00Z, 2026-03-30T00:30:00Z",
        "2026-10-24T12:00:00Z, 2026-10-25T00:30:00Z",
        "2026-10-25T12:00:00Z, 2026-10-26T01:30:00Z"
    })
    void cronFollowsTheClocksOfItsZone(Instant after, Instant expected) {
        var timing = new Timing(
                Schedule.Cron.of("30 2 * * *", ZoneId.of("Europe/Berlin")), Duration.ofDays(2), Duration.ZERO);
        assertThat(timing.latestNext(after)).isEqualTo(expected);
    }

    @Test
    void retriesBackOffAndNeverComeAfterTheSchedule() {
        var regular = T.plus(FIVE);
        assertThat(NextDue.afterFailure(RETRY, regular, T, 1, 0)).isEqualTo(T.plusSeconds(10));
        assertThat(NextDue.afterFailure(RETRY, regular, T, 2, 0)).isEqualTo(T.plusSeconds(20));
        assertThat(NextDue.afterFailure(RETRY, regular, T, 3, 0.5)).isEqualTo(T.plusSeconds(44));
        assertThat(NextDue.afterFailure(RETRY, regular, T, 6, 0)).isEqualTo(regular);
        assertThat(NextDue.afterFailure(RETRY, regular, T, Integer.MAX_VALUE, 0.99))
                .isEqualTo(regular);
    }

    private static Timing every(Duration interval) {
        return new Timing(new Schedule.Every(interval), interval.multipliedBy(2), Duration.ZERO);
    }

    private static NextDue.Next after(Timing timing, Instant scheduled, Instant now) {
        return NextDue.afterSuccess(
                timing, new NextDue.Course(VIEW, scheduled, true, Duration.ZERO, now, Duration.ofMillis(10)));
    }
}
