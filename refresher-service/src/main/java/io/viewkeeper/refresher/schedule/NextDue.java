package io.viewkeeper.refresher.schedule;

import java.time.Duration;
import java.time.Instant;

/** When a view is due next. Pure: every replica computes the same. */
public final class NextDue {
    private static final Duration FIRST_RETRY = Duration.ofSeconds(10);
    private static final int MOST_DOUBLINGS = 16;

    private NextDue() {}

    /**
     * After a good refresh: the first instant after {@code now} on the grid that {@code scheduled} and the interval
     * span. Times passed over (a long refresh, a stopped service) are not made up for: there is never a backlog.
     */
    public static Instant afterSuccess(Instant scheduled, Instant now, Duration interval) {
        if (scheduled.isAfter(now)) {
            return scheduled.plus(interval);
        }
        long elapsed = Duration.between(scheduled, now).dividedBy(interval);
        return scheduled.plus(interval.multipliedBy(elapsed + 1));
    }

    /**
     * After a failure that may pass: 10 s, 20 s, 40 s …, spread by up to a fifth so that views that failed together
     * do not come back together, and never later than the schedule would have it.
     *
     * @param failures consecutive ones, this one included
     * @param spread in [0, 1)
     */
    public static Instant afterFailure(Instant regular, Instant now, int failures, double spread) {
        long doubled = FIRST_RETRY.toMillis() << Math.min(failures - 1, MOST_DOUBLINGS);
        var retry = now.plusMillis((long) (doubled * (1 + spread / 5)));
        return retry.isBefore(regular) ? retry : regular;
    }
}
