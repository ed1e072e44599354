// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.schedule;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Locale;
import java.util.Optional;

/** When a view is to be refreshed regularly. Its text is what people read. */
public sealed interface Schedule {

    /** Again and again after the same time, at least one second. */
    record Every(Duration interval) implements Schedule {
        public Every {
            if (interval.compareTo(Duration.ofSeconds(1)) < 0) {
                throw new IllegalArgumentException("interval must be at least 1 s");
            }
        }

        @Override
        public String toString() {
            return "every " + text(interval);
        }
    }

    /** At the minutes that a Unix cron expression names (minute, hour, day of month, month, day of week) in a zone. */
    record Cron(String expression, ZoneId zone, ExecutionTime times) implements Schedule {
        private static final CronParser PARSER =
                new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX));
        private static final Instant EPOCH = Instant.parse("2026-01-01T00:00:00Z");
        private static final int LOOK_AHEAD = 400;

        /** @throws IllegalArgumentException if it is no cron expression, or one that never comes */
        static Cron of(String expression, ZoneId zone) {
            try {
                var cron = new Cron(expression.trim(), zone, ExecutionTime.forCron(PARSER.parse(expression.trim())));
                if (cron.next(EPOCH).isEmpty()) {
                    throw new IllegalArgumentException("it never comes");
                }
                return cron;
            } catch (IllegalArgumentException wrong) {
                throw new IllegalArgumentException(
                        "cron \"" + expression + "\": " + wrong.getMessage()
                                + "; wanted are minute, hour, day of month, month, day of week, for example 15 2 * * MON-FRI",
                        wrong);
            }
        }

        /** A time that the zone skips, when its clocks go forward, is not left out but comes as much later. */
        Optional<Instant> next(Instant after) {
            ZonedDateTime here = after.atZone(zone);
            Optional<Instant> next = times.nextExecution(here).map(ZonedDateTime::toInstant);
            return times.nextExecution(here.toLocalDateTime().atZone(ZoneOffset.UTC))
                    .map(ZonedDateTime::toLocalDateTime)
                    .filter(local -> zone.getRules().getValidOffsets(local).isEmpty())
                    .map(skipped -> skipped.atZone(zone).toInstant())
                    .filter(shifted -> next.isEmpty() || shifted.isBefore(next.get()))
                    .or(() -> next);
        }

        /** The longest time between two of its next occurrences, counted from a fixed day: every replica finds the same. */
        Duration longestPause() {
            var longest = Duration.ZERO;
            var before = next(EPOCH);
            for (int i = 0; i < LOOK_AHEAD && before.isPresent(); i++) {
                var after = next(before.get());
                if (after.isPresent()) {
                    var pause = Duration.between(before.get(), after.get());
                    longest = pause.compareTo(longest) > 0 ? pause : longest;
                }
                before = after;
            }
            return longest.isZero() ? Duration.ofDays(1) : longest;
        }

        @Override
        public String toString() {
            return "cron " + expression + " " + zone.getId();
        }
    }

    /** As late as its freshness target allows, given how long its refreshes take. */
    record ByTarget() implements Schedule {
        @Override
        public String toString() {
            return "by freshness target";
        }
    }

    /** As people write it: 90m, not PT1H30M with a T. */
    static String text(Duration duration) {
        return duration.toString().substring("PT".length()).toLowerCase(Locale.ROOT);
    }
}
