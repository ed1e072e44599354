package io.viewkeeper.refresher.refresh;

import io.vertx.sqlclient.Row;
import io.viewkeeper.refresher.schedule.NextDue;
import io.viewkeeper.refresher.schedule.ViewPolicy;
import io.viewkeeper.schema.database.Instants;
import io.viewkeeper.schema.event.RefreshTrigger;
import io.viewkeeper.schema.event.ViewName;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a run before it is tried, read from {@code view_state} under the view's lock.
 *
 * @param decidedAt the loop's time when it found the view due
 * @param number 1 for the first try, one more after each failure
 * @param lastDataAsOf snapshot of what the view shows now
 */
record Attempt(
        UUID runId,
        ViewName view,
        ViewPolicy policy,
        String database,
        Instant decidedAt,
        Instant scheduledAt,
        Instant startedAt,
        RefreshTrigger trigger,
        int number,
        @Nullable Instant lastDataAsOf) {

    static Attempt read(DueView due, Instant now, UUID runId, Row row) {
        return new Attempt(
                runId,
                due.view(),
                due.policy(),
                row.getString("database"),
                now,
                Instants.of(row, "next_due_at"),
                Instants.of(row, "started_at"),
                RefreshTrigger.of(row.getString("due_trigger")),
                row.getInteger("consecutive_failures") + 1,
                Instants.orNull(row, "data_as_of"));
    }

    /** The regular next time; after whatever clock was decided by, so that a view is not due again by the same look. */
    Instant nextDue(Instant endedAt) {
        Instant now = endedAt.isAfter(decidedAt) ? endedAt : decidedAt;
        return NextDue.afterSuccess(scheduledAt, now, policy.interval());
    }
}
