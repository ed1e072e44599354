// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.state;

import io.viewkeeper.schema.database.Instants;
import io.viewkeeper.schema.database.Session;
import io.viewkeeper.schema.event.RefreshCompleted;
import io.viewkeeper.schema.event.RefreshError;
import io.viewkeeper.schema.event.RefreshFailed;
import io.viewkeeper.schema.event.RefreshRun;
import io.viewkeeper.schema.event.RefreshTrigger;
import io.viewkeeper.schema.event.ViewName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What runs change in {@code viewkeeper.view_state}; in the caller's transaction. */
public final class RunState {

    private static final String WAIT = """
        /* viewkeeper:view-states */
        update viewkeeper.view_state s
        set wait_reason = v.wait_reason
        from unnest($1::text[], $2::text[], $3::text[]) as v (view_schema, view_name, wait_reason)
        where s.view_schema = v.view_schema
          and s.view_name = v.view_name
        """;

    private static final String WAIT_BELOW = "/* viewkeeper:view-states */\n" + StateRows.LOCKED.formatted("""
        s.next_due_at <= $1
            and s.priority < $2
            and s.dropped_at is null
            and s.refusal is null
            and s.wait_reason is distinct from $3""") + """
        update viewkeeper.view_state s
        set wait_reason = $3
        from locked l
        where s.view_schema = l.view_schema
          and s.view_name = l.view_name
        """;

    private static final String CLAIM = """
        /* viewkeeper:view-states */
        with old as (
          select s.view_schema, s.view_name, s.pending_run_id, s.requested_by
          from viewkeeper.view_state s
          where s.view_schema = $1
            and s.view_name = $2
            and s.dropped_at is null
            and s.refusal is null
          for update
        )
        update viewkeeper.view_state s
        set pending_run_id = null, requested_by = null, wait_reason = null
        from old
        where s.view_schema = old.view_schema
          and s.view_name = old.view_name
        returning coalesce(old.pending_run_id, pg_catalog.gen_random_uuid()) as run_id, old.requested_by
        """;

    // A pending run is for data newer than this run's: it stays due. A view that was suspended by somebody meanwhile
    // stays suspended; one that its failures had suspended has shown that it can.
    private static final String COMPLETE = """
        /* viewkeeper:view-states */
        update viewkeeper.view_state
        set
          event_sequence = $3,
          view_oid = $4::bigint::oid,
          data_as_of = $5,
          read_at = $6,
          announced_mark = $7,
          noticed_mark = $7,
          change_noticed_at = null,
          last_run_id = $8,
          last_status = 'completed',
          last_method = $9,
          last_started_at = $10,
          last_finished_at = $11,
          last_duration_ms = $12,
          last_rows_changed = $13,
          size_bytes = $14,
          expected_duration_ms = $15,
          target_risk = $16,
          consecutive_failures = 0,
          lasting_failures = 0,
          cause_mark = null,
          last_error_category = null,
          last_error_message = null,
          suspended_at = case when suspended_by is not null then suspended_at end,
          next_due_at = case
            when suspended_by is not null or view_group is null or refusal is not null then null
            when pending_run_id is not null then next_due_at
            else $17::timestamptz
          end,
          due_trigger = case when pending_run_id is not null then due_trigger else 'schedule' end
        where view_schema = $1
          and view_name = $2
        """;

    private static final String FAIL = """
        /* viewkeeper:view-states */
        update viewkeeper.view_state
        set
          event_sequence = $3,
          last_run_id = $4,
          last_status = 'failed',
          last_method = $5,
          last_started_at = $6,
          last_finished_at = $7,
          last_duration_ms = $8,
          last_rows_changed = null,
          consecutive_failures = $9,
          lasting_failures = $15,
          last_error_category = $10,
          last_error_message = $11,
          suspended_at = case when $12 and suspended_at is null then pg_catalog.clock_timestamp() else suspended_at end,
          pending_run_id = case when $12 then null else pending_run_id end,
          next_due_at = case
            when suspended_by is not null or view_group is null or refusal is not null then null
            when pending_run_id is not null and not $12 then next_due_at
            else $13::timestamptz
          end,
          due_trigger = case when pending_run_id is not null and not $12 then due_trigger else $14 end
        where view_schema = $1
          and view_name = $2
        """;

    private static final String REFUSE = """
        /* viewkeeper:view-states */
        update viewkeeper.view_state
        set
          event_sequence = event_sequence + 1,
          last_run_id = $3,
          last_status = 'failed',
          last_method = 'skipped',
          last_started_at = pg_catalog.clock_timestamp(),
          last_finished_at = pg_catalog.clock_timestamp(),
          last_duration_ms = 0,
          last_rows_changed = null,
          consecutive_failures = consecutive_failures + 1,
          last_error_category = $4,
          last_error_message = $5
        where view_schema = $1
          and view_name = $2
          and not (last_status is not distinct from 'failed' and last_error_message is not distinct from $5)
        returning
          event_sequence, consecutive_failures, data_as_of, last_finished_at, pg_catalog.current_database() as database
        """;

    private RunState() {}

    /** Why views that are due, and locked, are not started; null: they wait for a place. */
    public static void wait(Session session, Map<ViewName, @Nullable String> waits) {
        List<ViewName> views = List.copyOf(waits.keySet());
        session.update(
                WAIT,
                StateRows.schemas(views),
                StateRows.names(views),
                StateRows.column(views, waits::get, String[]::new));
    }

    /** Why none of those that are due and of a lower priority is started; tells of how many that is news. */
    public static int waitBelow(Session session, Instant now, int priority, String waitsFor) {
        return session.update(WAIT_BELOW, Instants.parameter(now), priority, waitsFor);
    }

    /** @param requestedBy null: the schedule did */
    public record Claimed(UUID runId, @Nullable String requestedBy) {}

    /** A run begins: the pending one, if there is one. Empty where the view is dropped or refused. */
    public static Optional<Claimed> claim(Session session, ViewName view) {
        return session.queryFirst(
                CLAIM,
                row -> new Claimed(row.getUUID("run_id"), row.getString("requested_by")),
                view.schema(),
                view.name());
    }

    /**
     * What a good refresh leads one to expect.
     *
     * @param duration of the next one
     * @param targetRisk why the freshness target cannot be met; null when it can
     */
    public record Forecast(
            Duration duration, Instant nextAt, @Nullable String targetRisk) {}

    /** @param mark of the view's content from now on */
    public static void complete(Session session, RefreshCompleted event, String mark, Forecast forecast) {
        RefreshRun run = event.run();
        session.update(
                COMPLETE,
                run.view().schema(),
                run.view().name(),
                run.sequence(),
                run.viewOid(),
                Instants.parameter(run.dataAsOf()),
                Instants.parameter(run.readAt()),
                mark,
                run.runId(),
                run.method().wireName(),
                Instants.parameter(run.startedAt()),
                Instants.parameter(run.finishedAt()),
                run.durationMillis(),
                event.rowsChanged(),
                event.sizeBytes(),
                forecast.duration().toMillis(),
                forecast.targetRisk(),
                Instants.parameter(forecast.nextAt()));
    }

    /**
     * What a failure leads to.
     *
     * @param lasting failures so far of a kind that does not pass by itself
     * @param next what the attempt after it will be, unless somebody asks for one before
     */
    public record Consequence(int lasting, RefreshTrigger next, boolean suspends) {}

    public static void fail(Session session, RefreshFailed event, Consequence consequence) {
        RefreshRun run = event.run();
        session.update(
                FAIL,
                run.view().schema(),
                run.view().name(),
                run.sequence(),
                run.runId(),
                run.method().wireName(),
                Instants.parameter(run.startedAt()),
                Instants.parameter(run.finishedAt()),
                run.durationMillis(),
                event.consecutiveFailures(),
                event.error().category().wireName(),
                event.error().message(),
                consequence.suspends(),
                Instants.parameter(event.nextAttemptAt()),
                consequence.next().wireName(),
                consequence.lasting());
    }

    /** The failed run that a refusal is. */
    public record Refusal(
            String database,
            long sequence,
            int failures,
            @Nullable Instant dataAsOf,
            Instant at) {}

    /** Empty where the last run has failed for this reason. */
    public static Optional<Refusal> refuse(Session session, ViewName view, UUID runId, RefreshError error) {
        return session.queryFirst(
                REFUSE,
                row -> new Refusal(
                        row.getString("database"),
                        row.getLong("event_sequence"),
                        row.getInteger("consecutive_failures"),
                        Instants.orNull(row, "data_as_of"),
                        Instants.of(row, "last_finished_at")),
                view.schema(),
                view.name(),
                runId,
                error.category().wireName(),
                error.message());
    }
}
