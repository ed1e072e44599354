// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.schedule;

import io.viewkeeper.refresher.schedule.Schedule.ByTarget;
import io.viewkeeper.refresher.schedule.Schedule.Cron;
import io.viewkeeper.refresher.schedule.Schedule.Every;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * When a view is refreshed, and how old its data may become.
 *
 * @param freshnessTarget age of the data, counted from its snapshot, that is not to be exceeded
 * @param jitter by how much two views of one interval may be apart, so that not all begin together
 */
public record Timing(Schedule schedule, Duration freshnessTarget, Duration jitter) {

    public Timing {
        if (!freshnessTarget.isPositive()) {
            throw new IllegalArgumentException("freshness-target must be longer than nothing");
        }
        if (jitter.isNegative() || (schedule instanceof Every(var interval) && jitter.compareTo(interval) >= 0)) {
            throw new IllegalArgumentException("jitter must be shorter than the interval, and not negative");
        }
    }

    /** The interval, where there is a fixed one. */
    public Optional<Duration> interval() {
        return schedule instanceof Every(var interval) ? Optional.of(interval) : Optional.empty();
    }

    /** No view that has been refreshed may be due later than this. */
    public Instant latestNext(Instant now) {
        return switch (schedule) {
            case Every(var interval) -> now.plus(interval);
            case Cron cron -> cron.next(now).orElse(now.plus(freshnessTarget));
            case ByTarget _ -> now.plus(freshnessTarget);
        };
    }
}
