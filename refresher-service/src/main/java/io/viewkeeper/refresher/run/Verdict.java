// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.run;

import io.viewkeeper.refresher.queue.Attempt;
import io.viewkeeper.refresher.queue.Cancellation;
import io.viewkeeper.refresher.schedule.NextDue;
import io.viewkeeper.refresher.schedule.Retry;
import io.viewkeeper.refresher.schedule.Timing;
import io.viewkeeper.refresher.state.Standing;
import io.viewkeeper.schema.event.ErrorCategory;
import io.viewkeeper.schema.event.RefreshError;
import io.viewkeeper.schema.event.RefreshTrigger;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What follows from a failure. Pure.
 *
 * @param lasting failures so far of a kind that does not pass by itself
 * @param suspends whether this failure is the one too many, or one more
 */
record Verdict(
        RefreshError error,
        int failures,
        int lasting,
        @Nullable Instant next,
        RefreshTrigger trigger,
        boolean suspends) {

    /** A run that was cancelled says nothing of the view. */
    static Verdict cancelled(Attempt attempt, Standing before, String by) {
        boolean byUs = by.equals(Cancellation.SHUTDOWN);
        var error = new RefreshError(
                ErrorCategory.OTHER, "57014", byUs ? "cancelled: its refresher stopped" : "cancelled by request", byUs);
        Instant regular =
                NextDue.regularAfter(attempt.policy().timing(), attempt.course(before.moment(), null, Duration.ZERO));
        return new Verdict(
                error,
                before.failures(),
                before.lasting(),
                byUs ? attempt.decidedAt() : regular,
                byUs ? RefreshTrigger.RETRY : RefreshTrigger.SCHEDULE,
                false);
    }

    /** @param spread in [0, 1), so that views that failed together do not come back together */
    static Verdict of(Ending ending, Standing before, double spread) {
        Attempt attempt = ending.attempt();
        RefreshError error = ending.error();
        Retry retry = attempt.policy().retry();
        Timing timing = attempt.policy().timing();
        NextDue.Course course = attempt.course(before.moment(), null, Duration.ZERO);
        int lasting = before.lasting() + (ending.lasts() ? 1 : 0);
        if (ending.lasts() && lasting >= retry.suspendAfter()) {
            Instant again = NextDue.afterSuspension(retry, timing, course.now(), lasting - retry.suspendAfter())
                    .orElse(null);
            return new Verdict(error, before.failures() + 1, lasting, again, RefreshTrigger.RETRY, true);
        }
        Instant regular = NextDue.regularAfter(timing, course);
        Instant next = next(attempt, before, error, regular, spread);
        return new Verdict(
                error,
                before.failures() + 1,
                lasting,
                next,
                next.isBefore(regular) ? RefreshTrigger.RETRY : RefreshTrigger.SCHEDULE,
                false);
    }

    /** The same where a view of its consistent group is suspended by the same failure: none is tried before that one. */
    Verdict waitingFor(Verdict suspension) {
        Instant until = suspension.next();
        return suspends || next == null || (until != null && !until.isAfter(next))
                ? this
                : new Verdict(error, failures, lasting, until, trigger, false);
    }

    private static Instant next(Attempt attempt, Standing before, RefreshError error, Instant regular, double spread) {
        if (error.category() == ErrorCategory.ORPHANED && before.failures() == 0) {
            return attempt.decidedAt();
        }
        Instant now = attempt.course(before.moment(), null, Duration.ZERO).now();
        return error.retryable()
                ? NextDue.afterFailure(attempt.policy().retry(), regular, now, before.failures() + 1, spread)
                : regular;
    }
}
