package io.viewkeeper.refresher.refresh;

import io.viewkeeper.refresher.refresh.RefreshOutcome.Skipped.Reason;
import io.viewkeeper.refresher.schedule.NextDue;
import io.viewkeeper.schema.database.Database;
import io.viewkeeper.schema.database.DatabaseException;
import io.viewkeeper.schema.database.Instants;
import io.viewkeeper.schema.database.Session;
import io.viewkeeper.schema.event.RefreshCompleted;
import io.viewkeeper.schema.event.RefreshError;
import io.viewkeeper.schema.event.RefreshFailed;
import io.viewkeeper.schema.event.RefreshMethod;
import io.viewkeeper.schema.event.RefreshRun;
import io.viewkeeper.schema.event.RefreshTrigger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Settles how a run ended: the view's new state, and with it the sequence that its event gets. */
final class RunRecorder {
    // The row lock that this takes orders a view's sequence and its outbox positions alike. A next_due_at that changed
    // while the refresh ran is somebody's request for data newer than this run's: it stays.
    private static final String STATE_COMPLETED = """
        /* viewkeeper:run-recorder */
        update viewkeeper.view_state
        set
          event_sequence = event_sequence + 1,
          data_as_of = $3,
          last_run_id = $4,
          last_status = 'completed',
          last_method = $5,
          last_started_at = $6,
          last_finished_at = $7,
          last_duration_ms = $8,
          last_rows_changed = $9,
          size_bytes = $10,
          consecutive_failures = 0,
          last_error_category = null,
          last_error_message = null,
          next_due_at = case when next_due_at is distinct from $11 then next_due_at else $12 end,
          due_trigger = case when next_due_at is distinct from $11 then due_trigger else 'schedule' end
        where view_schema = $1
          and view_name = $2
        returning event_sequence
        """;

    private static final String LOCK_STATE = """
        /* viewkeeper:run-recorder */
        select
          s.event_sequence,
          s.data_as_of,
          s.consecutive_failures,
          s.next_due_at,
          pg_catalog.clock_timestamp() as moment
        from viewkeeper.view_state s
        where s.view_schema = $1
          and s.view_name = $2
        for update
        """;

    private static final String ALREADY_COMPLETED = """
        /* viewkeeper:run-recorder */
        select
        from analytics.view_refresh_log
        where run_id = $1
        """;

    private static final String STATE_FAILED = """
        /* viewkeeper:run-recorder */
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
          last_error_category = $10,
          last_error_message = $11,
          next_due_at = case when next_due_at is distinct from $12 then next_due_at else $13 end,
          due_trigger = case when next_due_at is distinct from $12 then due_trigger else $14 end
        where view_schema = $1
          and view_name = $2
        """;

    private final Database database;
    private final String instance;
    private final RandomGenerator spread;

    RunRecorder(Database database, String instance, RandomGenerator spread) {
        this.database = database;
        this.instance = instance;
        this.spread = spread;
    }

    /** In the transaction of the refresh. */
    RefreshCompleted completed(Session session, Attempt attempt, Measured measured) {
        long durationMillis = millisBetween(attempt.startedAt(), measured.finishedAt());
        Instant nextDue = attempt.nextDue(measured.finishedAt());
        Measured.Rows rows = measured.rows();
        long sequence = session.queryOne(
                STATE_COMPLETED,
                row -> row.getLong("event_sequence"),
                attempt.view().schema(),
                attempt.view().name(),
                Instants.parameter(measured.dataAsOf()),
                attempt.runId(),
                measured.method().wireName(),
                Instants.parameter(attempt.startedAt()),
                Instants.parameter(measured.finishedAt()),
                durationMillis,
                rows == null ? null : rows.changed(),
                measured.sizeBytes(),
                Instants.parameter(attempt.scheduledAt()),
                Instants.parameter(nextDue));
        var event = new RefreshCompleted(
                run(attempt, measured, sequence, durationMillis),
                measured.changed(),
                rows == null ? null : rows.inserted(),
                rows == null ? null : rows.updated(),
                rows == null ? null : rows.deleted(),
                measured.rowsEstimate(),
                measured.sizeBytes(),
                attempt.lastDataAsOf(),
                List.of());
        RunHistory.write(session, event);
        return event;
    }

    /** After the rollback, in a transaction of its own. */
    RefreshOutcome failed(
            Attempt attempt, RefreshMethod method, long viewOid, long lockWaitMillis, DatabaseException failure) {
        try {
            return database.inTransaction(
                    session -> failed(session, attempt, new Ending(method, viewOid, lockWaitMillis), failure));
        } catch (DatabaseException unwritten) {
            failure.addSuppressed(unwritten);
            return new RefreshOutcome.Unrecorded(failure);
        }
    }

    private record Ending(RefreshMethod method, long viewOid, long lockWaitMillis) {}

    private record State(long sequence, @Nullable Instant dataAsOf, int failures, Instant moment) {}

    private RefreshOutcome failed(Session session, Attempt attempt, Ending ending, DatabaseException failure) {
        State state = session.queryOne(
                LOCK_STATE,
                row -> new State(
                        row.getLong("event_sequence") + 1,
                        Instants.orNull(row, "data_as_of"),
                        row.getInteger("consecutive_failures") + 1,
                        Instants.of(row, "moment")),
                attempt.view().schema(),
                attempt.view().name());
        // The connection may have broken while COMMIT was under way. Whoever held the row has ended by now.
        if (session.queryFirst(ALREADY_COMPLETED, row -> row, attempt.runId()).isPresent()) {
            return new RefreshOutcome.Skipped(Reason.ALREADY_RECORDED);
        }
        RefreshError error = Failure.of(failure);
        Instant regular = attempt.nextDue(state.moment());
        Instant next = error.retryable()
                ? NextDue.afterFailure(regular, state.moment(), state.failures(), spread.nextDouble())
                : regular;
        var event =
                new RefreshFailed(run(attempt, ending, state), error, state.failures(), next, false, state.dataAsOf());
        writeState(session, attempt, event, next.isBefore(regular) ? RefreshTrigger.RETRY : RefreshTrigger.SCHEDULE);
        RunHistory.write(session, event);
        return new RefreshOutcome.Failed(event);
    }

    private RefreshRun run(Attempt attempt, Measured measured, long sequence, long durationMillis) {
        return new RefreshRun(
                attempt.runId(),
                attempt.database(),
                attempt.view(),
                measured.viewOid(),
                attempt.policy().group(),
                sequence,
                attempt.number(),
                attempt.trigger(),
                measured.method(),
                attempt.scheduledAt(),
                attempt.startedAt(),
                measured.dataAsOf(),
                measured.finishedAt(),
                durationMillis,
                measured.lockWaitMillis(),
                instance);
    }

    private RefreshRun run(Attempt attempt, Ending ending, State state) {
        return new RefreshRun(
                attempt.runId(),
                attempt.database(),
                attempt.view(),
                ending.viewOid(),
                attempt.policy().group(),
                state.sequence(),
                attempt.number(),
                attempt.trigger(),
                ending.method(),
                attempt.scheduledAt(),
                attempt.startedAt(),
                null,
                state.moment(),
                millisBetween(attempt.startedAt(), state.moment()),
                ending.lockWaitMillis(),
                instance);
    }

    private static void writeState(Session session, Attempt attempt, RefreshFailed event, RefreshTrigger next) {
        RefreshRun run = event.run();
        session.update(
                STATE_FAILED,
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
                Instants.parameter(attempt.scheduledAt()),
                Instants.parameter(event.nextAttemptAt()),
                next.wireName());
    }

    private static long millisBetween(Instant start, Instant end) {
        return Math.max(0, Duration.between(start, end).toMillis());
    }
}
