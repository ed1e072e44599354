// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.queue;

import io.vertx.sqlclient.Row;
import io.viewkeeper.refresher.schedule.NextDue;
import io.viewkeeper.refresher.schedule.ViewPolicy;
import io.viewkeeper.refresher.view.ViewNames;
import io.viewkeeper.schema.database.Instants;
import io.viewkeeper.schema.database.Session;
import io.viewkeeper.schema.event.RefreshTrigger;
import io.viewkeeper.schema.event.ViewName;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A claimed run: what is known of it before it is tried, read from its row in {@code viewkeeper.refresh_run}.
 *
 * @param decidedAt the loop's time when it found the view due
 * @param number 1 for the first try, one more after each failure
 * @param last good refresh before it
 * @param expected how long it will take, from the refreshes so far; null for the first
 */
public record Attempt(
        UUID runId,
        ViewName view,
        long viewOid,
        ViewPolicy policy,
        String database,
        Instant decidedAt,
        Instant scheduledAt,
        Instant startedAt,
        RefreshTrigger trigger,
        int number,
        @Nullable String requestedBy,
        Last last,
        @Nullable Duration expected) {

    private static final String FIND = """
        /* viewkeeper:attempt */
        select
          r.run_id, r.view_schema, r.view_name, r.view_oid::bigint, r.trigger, r.attempt, r.scheduled_at, r.claimed_at,
          r.requested_by, r.expected_duration_ms, s.read_at, s.data_as_of, pg_catalog.current_database() as database
        from viewkeeper.refresh_run r
        join viewkeeper.view_state s using (view_schema, view_name)
        where r.run_id = $1
        """;

    /** Of the last good refresh; both null when there was none. */
    public record Last(@Nullable Instant readAt, @Nullable Instant dataAsOf) {}

    /** Empty where nobody runs it any more. */
    public static Optional<Attempt> find(Session session, UUID runId, ViewPolicy policy, Instant now) {
        return session.queryFirst(FIND, row -> read(policy, now, row), runId);
    }

    private static Attempt read(ViewPolicy policy, Instant now, Row row) {
        Long expectedMillis = row.getLong("expected_duration_ms");
        return new Attempt(
                row.getUUID("run_id"),
                ViewNames.of(row),
                row.getLong("view_oid"),
                policy,
                row.getString("database"),
                now,
                Instants.of(row, "scheduled_at"),
                Instants.of(row, "claimed_at"),
                new RefreshTrigger(row.getString("trigger")),
                row.getInteger("attempt"),
                row.getString("requested_by"),
                new Last(Instants.orNull(row, "read_at"), Instants.orNull(row, "data_as_of")),
                expectedMillis == null ? null : Duration.ofMillis(expectedMillis));
    }

    /** How it went, on the loop's clock: a view is not due again by the same look that found it due. */
    public NextDue.Course course(Instant endedAt, @Nullable Instant readAt, Duration expectedNext) {
        return new NextDue.Course(
                view,
                scheduledAt,
                trigger.equals(RefreshTrigger.SCHEDULE) && last.readAt() != null,
                readAt == null ? Duration.ZERO : Duration.between(readAt, endedAt),
                endedAt.isAfter(decidedAt) ? endedAt : decidedAt,
                expectedNext);
    }

    /** What the next one will take: as long as this one at once if longer, and only slowly less. */
    public Duration expectedAfter(Duration duration) {
        if (expected == null) {
            return duration;
        }
        Duration slowlyLess = expected.multipliedBy(4).plus(duration).dividedBy(5);
        return slowlyLess.compareTo(duration) > 0 ? slowlyLess : duration;
    }
}
