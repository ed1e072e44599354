// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.claims;

import io.viewkeeper.sandbox.claims.GeneratorOptions.History;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;

/**
 * When claims arrive: most on working days between seven and seven, few at night and at weekends, none after
 * {@code now}. Positions 0 to 1 map to moments in order, so rising positions give rising times.
 */
final class ActivityCalendar {
    private static final double[] WEIGHT_BY_WEEKDAY = {1.15, 1.1, 1.05, 1.0, 0.9, 0.3, 0.15};
    private static final double[] WEIGHT_BY_HOUR = {
        .04, .03, .03, .03, .05, .1, .3, .7, 1.1, 1.4, 1.5, 1.4, 1.1, 1.3, 1.4, 1.3, 1.1, .8, .5, .3, .2, .15, .1, .06
    };

    private final Instant start;
    private final Instant now;
    private final WeightedChoice hours;

    ActivityCalendar(History history) {
        now = history.now();
        start = now.minus(Duration.ofDays(history.days())).truncatedTo(ChronoUnit.HOURS);
        int count = Math.toIntExact(Duration.between(start, now).toHours()) + 1;
        hours = WeightedChoice.of(count, hour -> {
            Instant begin = start.plus(Duration.ofHours(hour));
            var local = LocalDateTime.ofInstant(begin, history.zone());
            double covered = Math.min(1, Duration.between(begin, now).toMillis() / 3_600_000.0);
            return WEIGHT_BY_WEEKDAY[local.getDayOfWeek().getValue() - 1] * WEIGHT_BY_HOUR[local.getHour()] * covered;
        });
    }

    /** The moment at a position of the whole history, 0 ≤ position < 1. */
    Instant at(double position) {
        int hour = hours.indexAt(position);
        Instant begin = start.plus(Duration.ofHours(hour));
        long length = Math.min(3_600_000_000L, ChronoUnit.MICROS.between(begin, now));
        return begin.plus((long) (hours.positionWithin(hour, position) * length), ChronoUnit.MICROS);
    }
}
