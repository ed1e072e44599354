// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics.freshness;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.metrics.freshness.StoredView.Schedule;
import io.viewkeeper.schema.consumer.EventOutcome;
import io.viewkeeper.schema.event.RefreshCompleted;
import io.viewkeeper.schema.event.RefreshEvent;
import io.viewkeeper.schema.event.RefreshMethod;
import io.viewkeeper.schema.event.ViewName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class TrackedViewTest {
    private static final ViewName VIEW = new ViewName("analytics", "claims_daily_summary");
    private static final Events EVENTS = new Events("claims");
    private static final Instant START = Instant.parse("2026-11-22T09:00:00Z");
    private static final Duration DAY = Duration.ofHours(24);

    private static final FreshnessSettings SETTINGS = new FreshnessSettings() {
        @Override
        public Duration reconcileInterval() {
            return Duration.ofSeconds(5);
        }

        @Override
        public Duration successWindow() {
            return DAY;
        }

        @Override
        public int maxViews() {
            return 500;
        }

        @Override
        public Duration standbyLag() {
            return Duration.ofSeconds(10);
        }
    };

    private final SettableClock clock = new SettableClock(START.plus(Duration.ofHours(1)));
    private final TrackedView view = new TrackedView(VIEW, START, SETTINGS);
    private final long beforeAllEvents = System.nanoTime();

    @Test
    void aViewThatWasNeverRefreshedIsInfinitelyStaleAndHasNoRate() {
        var report = report();
        assertThat(report.stalenessMinutes()).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(report.successRate()).isEmpty();
        assertThat(report.lastEventSequence()).isNull();
    }

    @Test
    void stalenessGrowsWithTheClockAndCountsFromTheSnapshot() {
        see(completed(1));
        var snapshot = Events.snapshot(at(1));
        assertThat(report().dataTimestamp()).isEqualTo(snapshot);
        double before = report().stalenessMinutes();
        clock.advance(Duration.ofMinutes(7));
        assertThat(report().stalenessMinutes() - before).isEqualTo(7.0, org.assertj.core.data.Offset.offset(1e-6));
    }

    @Test
    void aFailureKeepsTheDataTimestampAndCountsFailures() {
        see(completed(1));
        see(failed(2, 1));
        var report = report();
        assertThat(report.dataTimestamp()).isEqualTo(Events.snapshot(at(1)));
        assertThat(report.consecutiveFailures()).isEqualTo(1);
        assertThat(report.successRate()).hasValue(0.5);
        assertThat(report.sizeBytes()).isEqualTo(8_192L);
    }

    @Test
    void theSameEventTwiceIsADuplicateAndCountsOnce() {
        assertThat(see(completed(3)).outcome()).isEqualTo(EventOutcome.APPLIED);
        var before = report();
        assertThat(see(completed(3)).outcome()).isEqualTo(EventOutcome.DUPLICATE);
        assertThat(report()).isEqualTo(before);
        assertThat(report().completedRuns()).isEqualTo(1);
    }

    @Test
    void anOlderEventIsStaleAndMovesNothingBack() {
        see(completed(3));
        assertThat(see(failed(2, 1)).outcome()).isEqualTo(EventOutcome.STALE);
        var report = report();
        assertThat(report.sequence()).isEqualTo(3);
        assertThat(report.lastEventSequence()).isEqualTo(3);
        assertThat(report.consecutiveFailures()).isZero();
        assertThat(report.dataTimestamp()).isEqualTo(Events.snapshot(at(3)));
        assertThat(report.successRate()).hasValue(0.5);
    }

    @Test
    void anEventOfARunThatTheDatabaseToldOfIsADuplicateButSeen() {
        view.reconcile(stored(5), beforeAllEvents);
        assertThat(report().lastEventSequence()).isNull();
        assertThat(see(completed(5)).outcome()).isEqualTo(EventOutcome.DUPLICATE);
        assertThat(report().lastEventSequence()).isEqualTo(5);
    }

    @Test
    void theDatabaseAsItWasBeforeTheLastEventMovesNothingBackButTellsTheSchedule() {
        see(completed(6));
        var due = at(7);
        view.reconcile(stored(5, new Schedule(due, Duration.ofMinutes(10), true)), beforeAllEvents);
        var report = report();
        assertThat(report.sequence()).isEqualTo(6);
        assertThat(report.dataTimestamp()).isEqualTo(Events.snapshot(at(6)));
        assertThat(report.schedule().nextRefresh()).isEqualTo(due);
        assertThat(report.schedule().suspended()).isTrue();
    }

    @Test
    void aDatabaseThatStillKnowsLessLaterOnWasRestoredAndIsBelieved() {
        for (int sequence = 1; sequence <= 4; sequence++) {
            see(completed(sequence));
        }
        see(failed(5, 1));
        see(failed(6, 2));
        assertThat(view.reconcile(
                        stored(4), System.nanoTime() + Duration.ofSeconds(9).toNanos()))
                .isFalse();
        assertThat(report().sequence()).isEqualTo(6);
        assertThat(view.reconcile(
                        stored(4), System.nanoTime() + Duration.ofSeconds(11).toNanos()))
                .isTrue();
        assertThat(report().sequence()).isEqualTo(4);
        assertThat(report().dataTimestamp()).isEqualTo(Events.snapshot(at(4)));
        assertThat(report().consecutiveFailures()).isZero();
        assertThat(report().successRate()).hasValue(1.0);
        // Its next run has a number that was another's.
        assertThat(see(EVENTS.failed(VIEW, 5, at(30), 1, Events.snapshot(at(4)))))
                .isEqualTo(new Sighting(EventOutcome.APPLIED, true, true));
        assertThat(report().successRate()).hasValue(0.8);
    }

    @Test
    void anOldEventOfWhichTheDatabaseKnowsNothingIsOfAnotherLife() {
        view.reconcile(stored(4), System.nanoTime());
        var restoredAway = EVENTS.completed(VIEW, 70, START.minus(Duration.ofMinutes(3)), 8_192);
        assertThat(see(restoredAway)).isEqualTo(Sighting.NOTHING);
        assertThat(report().sequence()).isEqualTo(4);
        assertThat(see(completed(5)).outcome()).isEqualTo(EventOutcome.APPLIED);
    }

    @Test
    void runsFromBeforeTheStartAreKnownButNotCounted() {
        var before = new FinishedRun(1, START.minusSeconds(60), true, RefreshMethod.PLAIN, Duration.ofSeconds(1));
        assertThat(view.count(before, clock.instant())).isFalse();
        assertThat(report().completedRuns()).isZero();
        assertThat(report().successRate()).hasValue(1.0);
    }

    @Test
    void theSuccessRateForgetsWhatIsOlderThanADay() {
        see(failed(1, 1));
        see(completed(2));
        assertThat(report().successRate()).hasValue(0.5);
        clock.advance(Duration.between(clock.instant(), at(1).plus(DAY)));
        assertThat(report().successRate()).hasValue(1.0);
        clock.advance(Duration.ofMinutes(1));
        assertThat(report().successRate()).isEmpty();
    }

    @Test
    void theWindowIsBoundedAndAForgottenRunStaysForgotten() {
        var window = new RunWindow(DAY);
        for (int sequence = 1; sequence <= RunWindow.MAX_RUNS + 1; sequence++) {
            assertThat(window.add(runOf(sequence, sequence > 1), clock.instant()))
                    .isTrue();
        }
        assertThat(window.successRate(clock.instant())).hasValue(1.0);
        assertThat(window.add(runOf(1, false), clock.instant())).isFalse();
    }

    /** Any order, any number of duplicates, any readings of the database in between: the same end. */
    @RepeatedTest(200)
    void orderAndDuplicatesDoNotMatter(RepetitionInfo repetition) {
        var random = new Random(repetition.getCurrentRepetition());
        var events = new ArrayList<RefreshEvent>();
        for (int sequence = 1; sequence <= 12; sequence++) {
            events.add(random.nextInt(3) == 0 ? failed(sequence, random.nextInt(4) + 1) : completed(sequence));
        }
        var inOrder = new TrackedView(VIEW, START, SETTINGS);
        events.forEach(event -> inOrder.see(event, clock.instant()));

        var shuffled = new ArrayList<>(events);
        for (int copies = random.nextInt(10); copies > 0; copies--) {
            shuffled.add(events.get(random.nextInt(events.size())));
        }
        Collections.shuffle(shuffled, random);
        int seen = 0;
        for (var event : shuffled) {
            view.see(event, clock.instant());
            seen = Math.max(seen, (int) event.run().sequence());
            if (random.nextInt(4) == 0) {
                view.reconcile(storedAfter(events, random.nextInt(seen + 1)), beforeAllEvents);
            }
        }
        assertThat(report()).isEqualTo(inOrder.report(clock.instant()));
    }

    /** The row that the refresher leaves behind after so many runs. */
    private StoredView storedAfter(List<RefreshEvent> events, int runs) {
        var model = new TrackedView(VIEW, START, SETTINGS);
        events.subList(0, runs).forEach(event -> model.see(event, clock.instant()));
        var report = model.report(clock.instant());
        return new StoredView(
                VIEW,
                report.sequence(),
                report.dataTimestamp(),
                report.lastRun(),
                report.consecutiveFailures(),
                report.sizeBytes(),
                Schedule.NONE);
    }

    private Sighting see(RefreshEvent event) {
        return view.see(event, clock.instant());
    }

    private ViewReport report() {
        return view.report(clock.instant());
    }

    private static RefreshEvent completed(long sequence) {
        return EVENTS.completed(VIEW, sequence, at(sequence), 8_192 * sequence);
    }

    private static RefreshEvent failed(long sequence, int failures) {
        var shows = sequence > 1 ? Events.snapshot(at(sequence - 1)) : null;
        return EVENTS.failed(VIEW, sequence, at(sequence), failures, shows);
    }

    private static Instant at(long minutes) {
        return START.plus(Duration.ofMinutes(minutes));
    }

    private static FinishedRun runOf(long sequence, boolean succeeded) {
        return new FinishedRun(
                sequence, START.plusMillis(sequence), succeeded, RefreshMethod.CONCURRENT, Duration.ofMillis(1));
    }

    private static StoredView stored(long sequence) {
        return stored(sequence, Schedule.NONE);
    }

    private static StoredView stored(long sequence, Schedule schedule) {
        var completed = (RefreshCompleted) completed(sequence);
        return new StoredView(
                VIEW,
                sequence,
                completed.run().dataAsOf(),
                FinishedRun.of(completed),
                0,
                completed.sizeBytes(),
                schedule);
    }
}
