// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.schedule;

import io.viewkeeper.schema.event.ViewName;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** When a view is due next. Pure: every replica computes the same. */
public final class NextDue {
    private static final int MOST_DOUBLINGS = 16;
    private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(1);
    /** What is left between the end of a refresh and its target, for the tick, the queue and a slow day. */
    private static final Duration MOST_SLACK = Duration.ofSeconds(30);

    private NextDue() {}

    /**
     * How a refresh went.
     *
     * @param scheduledAt when it was due
     * @param onGrid whether that was one of its regular times, rather than its first one or somebody's wish
     * @param age of its data when it ended
     * @param now when it ended
     * @param expected how long the next one takes
     */
    public record Course(
            ViewName view, Instant scheduledAt, boolean onGrid, Duration age, Instant now, Duration expected) {}

    /**
     * The next time, and what is wrong with it.
     *
     * @param targetRisk why the freshness target cannot be met; null when it can
     */
    public record Next(Instant at, @Nullable String targetRisk) {}

    /**
     * After a good refresh. Regular times passed over (a long refresh, a stopped service) are not made up for: there is never
     * a backlog. Earlier than the regular time where the data would else become older than its target before the next refresh
     * has ended; but no sooner than a refresh's own duration from now, so that it rests as long as it works.
     */
    public static Next afterSuccess(Timing timing, Course course) {
        Duration target = timing.freshnessTarget();
        Instant latestSafeStart = course.now()
                .minus(course.age())
                .plus(target)
                .minus(course.expected())
                .minus(shorter(target.dividedBy(10), MOST_SLACK));
        Instant soonest = course.now().plus(longer(course.expected(), SHORTEST_PAUSE));
        return switch (timing.schedule()) {
            case Schedule.Every(var interval) ->
                every(interval, regular(timing, interval, course), latestSafeStart, soonest, course);
            case Schedule.Cron cron -> cron(timing, cron, course);
            case Schedule.ByTarget _ ->
                latestSafeStart.isBefore(soonest)
                        ? new Next(soonest, tooLong(course, "the freshness target of " + Schedule.text(target)))
                        : new Next(later(latestSafeStart.minus(phase(course.view(), timing.jitter())), soonest), null);
        };
    }

    private static Next every(
            Duration interval, Instant regular, Instant latestSafeStart, Instant soonest, Course course) {
        if (course.expected().compareTo(interval) > 0) {
            return new Next(later(regular, soonest), tooLong(course, "the interval of " + Schedule.text(interval)));
        }
        if (!latestSafeStart.isBefore(regular)) {
            return new Next(regular, null);
        }
        return latestSafeStart.isBefore(soonest)
                ? new Next(earlier(regular, soonest), tooLong(course, "what the freshness target leaves"))
                : new Next(latestSafeStart, null);
    }

    private static Next cron(Timing timing, Schedule.Cron cron, Course course) {
        Instant next = timing.latestNext(course.now());
        Duration oldest =
                course.age().plus(Duration.between(course.now(), next)).plus(course.expected());
        return new Next(
                next,
                oldest.compareTo(timing.freshnessTarget()) > 0
                        ? "until the next refresh of \"" + cron.expression() + "\" has ended the data will be "
                                + Schedule.text(oldest) + " old; the freshness target is "
                                + Schedule.text(timing.freshnessTarget())
                        : null);
    }

    /** The first instant after now on the grid that the last due time and the interval span. */
    private static Instant regular(Timing timing, Duration interval, Course course) {
        Instant scheduled = course.onGrid()
                ? course.scheduledAt()
                : course.scheduledAt().minus(phase(course.view(), timing.jitter()));
        if (scheduled.isAfter(course.now())) {
            return scheduled.plus(interval);
        }
        long elapsed = Duration.between(scheduled, course.now()).dividedBy(interval);
        return scheduled.plus(interval.multipliedBy(elapsed + 1));
    }

    /** The same for a view each time: views that began together are apart from the second refresh on, and stay so. */
    private static Duration phase(ViewName view, Duration jitter) {
        return jitter.isZero()
                ? Duration.ZERO
                : Duration.ofMillis(Math.floorMod(view.toString().hashCode() * 2_654_435_761L, jitter.toMillis() + 1));
    }

    private static String tooLong(Course course, String what) {
        return "a refresh takes about "
                + Schedule.text(Duration.ofMillis(course.expected().toMillis())) + ", more than " + what + " allows";
    }

    /**
     * After a failure that may pass: the first delay, twice that, four times …, spread by up to a fifth so that views that
     * failed together do not come back together, and never later than the schedule would have it.
     *
     * @param failures consecutive ones, this one included
     * @param spread in [0, 1)
     */
    public static Instant afterFailure(Retry retry, Instant regular, Instant now, int failures, double spread) {
        Duration doubled = retry.firstDelay().multipliedBy(1L << Math.clamp(failures - 1, 0, MOST_DOUBLINGS));
        Duration delay = shorter(doubled, retry.longestDelay());
        return earlier(now.plusMillis((long) (delay.toMillis() * (1 + spread / 5))), regular);
    }

    /**
     * After a failure that suspends: twice the time to the next regular refresh, and twice as long after each further one, up to
     * what the settings allow, or to four times where the schedule itself is slower. Empty when somebody must resume the view.
     *
     * @param further failures since the one that suspended it
     */
    public static Optional<Instant> afterSuspension(Retry retry, Timing timing, Instant now, int further) {
        Duration pause = Duration.between(now, timing.latestNext(now));
        Duration doubled = pause.multipliedBy(2L << Math.clamp(further, 0, MOST_DOUBLINGS));
        return retry.resumeAfter().map(longest -> now.plus(shorter(doubled, longer(longest, pause.multipliedBy(4)))));
    }

    /** The regular time after a failure, which says nothing of the age of the data. */
    public static Instant regularAfter(Timing timing, Course course) {
        return switch (timing.schedule()) {
            case Schedule.Every(var interval) -> regular(timing, interval, course);
            case Schedule.Cron _ -> timing.latestNext(course.now());
            // A view that fails is not tried all the time because its data are too old already.
            case Schedule.ByTarget _ ->
                course.now().plus(timing.freshnessTarget().dividedBy(2));
        };
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) <= 0 ? one : other;
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
