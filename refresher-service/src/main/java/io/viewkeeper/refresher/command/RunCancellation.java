// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.command;

import io.vertx.sqlclient.Row;
import io.viewkeeper.refresher.queue.Cancellation;
import io.viewkeeper.refresher.schedule.NextDue;
import io.viewkeeper.refresher.schedule.Policies;
import io.viewkeeper.refresher.state.CommandState;
import io.viewkeeper.refresher.view.ViewNames;
import io.viewkeeper.schema.database.Database;
import io.viewkeeper.schema.database.Instants;
import io.viewkeeper.schema.database.Session;
import io.viewkeeper.schema.event.ViewName;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Ends a run before its time. One that has not begun is forgotten. One that runs is marked, and after that mark is
 * committed its backend is told to stop: whoever runs it finds the mark and knows that it was no timeout.
 */
public final class RunCancellation {
    private static final String PENDING = """
        /* viewkeeper:run-cancellation */
        select view_schema, view_name, last_started_at
        from viewkeeper.view_state
        where pending_run_id = $1
          and dropped_at is null
        for update
        """;

    // Of a consistent group one run cannot end alone: none of them is then a failure of its view.
    // Locked in the order in which they are settled.
    private static final String MARK = """
        /* viewkeeper:run-cancellation */
        with batch as (
          select o.run_id
          from viewkeeper.refresh_run r
          left join viewkeeper.view_state s on s.view_schema = r.view_schema and s.view_name = r.view_name
          join viewkeeper.refresh_run o
            on o.run_id = r.run_id
            or (s.consistent and o.view_group = r.view_group and o.process_id = r.process_id)
          where r.run_id = $1
          order by o.view_schema, o.view_name
          for update of o
        ),
        marked as (
          update viewkeeper.refresh_run r
          set
            cancelled_at = coalesce(r.cancelled_at, pg_catalog.clock_timestamp()),
            cancelled_by = coalesce(r.cancelled_by, $2)
          from batch b
          where r.run_id = b.run_id
          returning r.run_id, r.view_schema, r.view_name
        )
        select view_schema, view_name
        from marked
        where run_id = $1
        """;

    private static final String FINISHED = """
        /* viewkeeper:run-cancellation */
        select view_schema, view_name, status
        from analytics.view_refresh_log
        where run_id = $1
        """;

    /** What became of the wish that a run end. */
    public sealed interface Outcome {
        ViewName view();

        /** It had not begun and will not; the regular schedule is in force again. */
        record Forgotten(ViewName view) implements Outcome {}

        /** It ends as a failed run, as soon as its backend notices; {@link #end} tells the backend. */
        record Marked(ViewName view) implements Outcome {}

        /** It had ended already: completed or failed. */
        record TooLate(ViewName view, String status) implements Outcome {}
    }

    private record Pending(ViewName view, @Nullable Instant lastStartedAt) {
        static Pending read(Row row) {
            return new Pending(ViewNames.of(row), Instants.orNull(row, "last_started_at"));
        }
    }

    private final Database database;
    private final Policies policies;

    public RunCancellation(Database database, Policies policies) {
        this.database = database;
        this.policies = policies;
    }

    /** In the caller's transaction; empty when there is no such run. */
    public Optional<Outcome> cancel(Session session, UUID runId, String by) {
        // In the order in which a run lives: one that moves on between two statements is met by the next.
        return forget(session, runId)
                .or(() -> session.queryFirst(MARK, row -> new Outcome.Marked(ViewNames.of(row)), runId, by))
                .or(() -> session.queryFirst(
                        FINISHED, row -> new Outcome.TooLate(ViewNames.of(row), row.getString("status")), runId));
    }

    private Optional<Outcome> forget(Session session, UUID runId) {
        return session.queryFirst(PENDING, Pending::read, runId).map(pending -> {
            CommandState.forgetPending(session, pending.view(), regular(pending).orElse(null));
            return new Outcome.Forgotten(pending.view());
        });
    }

    /** When it would be due had nobody asked: past, if it was overdue. Never refreshed, it is due at once, asked or not. */
    private Optional<Instant> regular(Pending pending) {
        Instant last = pending.lastStartedAt();
        return last == null
                ? Optional.empty()
                : policies.of(pending.view())
                        .map(policy -> NextDue.regularAfter(
                                policy.timing(),
                                new NextDue.Course(pending.view(), last, true, Duration.ZERO, last, Duration.ZERO)));
    }

    /** Tells the backends of marked runs to stop, where there are any by now. After the commit of the mark. */
    public void end() {
        Cancellation.endMarked(database);
    }
}
