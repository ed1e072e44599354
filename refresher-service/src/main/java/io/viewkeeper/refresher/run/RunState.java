package io.viewkeeper.refresher.run;

import io.viewkeeper.refresher.change.Causes;
import io.viewkeeper.refresher.queue.Attempt;
import io.viewkeeper.schema.database.Instants;
import io.viewkeeper.schema.database.Session;
import io.viewkeeper.schema.event.RefreshFailed;
import io.viewkeeper.schema.event.RefreshRun;
import io.viewkeeper.schema.event.RefreshTrigger;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a settled run changes in {@code viewkeeper.view_state}. */
final class RunState {

    // A pending run is for data newer than this run's: it stays due. A view that was suspended by somebody meanwhile
    // stays
    // suspended; one that its failures had suspended has shown that it can.
    private static final String COMPLETED = """
        /* viewkeeper:run-state */
        update viewkeeper.view_state
        set
          event_sequence = event_sequence + 1,
          view_oid = $16::bigint::oid,
          data_as_of = $3,
          read_at = $14,
          announced_mark = $15,
          noticed_mark = $15,
          change_noticed_at = null,
          last_run_id = $4,
          last_status = 'completed',
          last_method = $5,
          last_started_at = $6,
          last_finished_at = $7,
          last_duration_ms = $8,
          last_rows_changed = $9,
          size_bytes = $10,
          expected_duration_ms = $11,
          target_risk = $12,
          consecutive_failures = 0,
          lasting_failures = 0,
          cause_mark = null,
          last_error_category = null,
          last_error_message = null,
          suspended_at = case when suspended_by is not null then suspended_at end,
          next_due_at = case
            when suspended_by is not null or view_group is null or refusal is not null then null
            when pending_run_id is not null then next_due_at
            else $13::timestamptz
          end,
          due_trigger = case when pending_run_id is not null then due_trigger else 'schedule' end
        where view_schema = $1
          and view_name = $2
        returning event_sequence
        """;

    private static final String FAILED = """
        /* viewkeeper:run-state */
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

    private RunState() {}

    /**
     * How long it took, how long the next one will take, and when that is due.
     *
     * @param targetRisk why the freshness target cannot be met; null when it can
     */
    record Forecast(
            Duration duration,
            Duration expected,
            Instant nextAt,
            @Nullable String targetRisk) {}

    /**
     * What a failure leads to.
     *
     * @param lasting failures so far of a kind that does not pass by itself
     * @param next what the attempt after it will be, unless somebody asks for one before
     */
    record Consequence(int lasting, RefreshTrigger next, boolean suspends) {}

    /** The sequence of the event. */
    static long completed(Session session, Attempt attempt, Measured measured, Forecast forecast) {
        Measured.Rows rows = measured.rows();
        return session.queryOne(
                COMPLETED,
                row -> row.getLong("event_sequence"),
                attempt.view().schema(),
                attempt.view().name(),
                Instants.parameter(measured.age().dataAsOf()),
                attempt.runId(),
                measured.method().wireName(),
                Instants.parameter(attempt.startedAt()),
                Instants.parameter(measured.finishedAt()),
                forecast.duration().toMillis(),
                rows == null ? null : rows.changed(),
                measured.size().bytes(),
                forecast.expected().toMillis(),
                forecast.targetRisk(),
                Instants.parameter(forecast.nextAt()),
                Instants.parameter(measured.age().readAt()),
                measured.mark(),
                measured.viewOid());
    }

    static void failed(Session session, RefreshFailed event, Consequence consequence) {
        RefreshRun run = event.run();
        session.update(
                FAILED,
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
        if (consequence.suspends()) {
            Causes.remember(session, run.view());
        }
    }
}
