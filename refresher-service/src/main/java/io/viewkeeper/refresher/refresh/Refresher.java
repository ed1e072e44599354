package io.viewkeeper.refresher.refresh;

import io.vertx.sqlclient.Row;
import io.viewkeeper.refresher.refresh.RefreshOutcome.Skipped.Reason;
import io.viewkeeper.refresher.schedule.Method;
import io.viewkeeper.refresher.schedule.ViewPolicy;
import io.viewkeeper.refresher.view.MaterializedView;
import io.viewkeeper.refresher.view.ViewCatalog;
import io.viewkeeper.schema.database.Database;
import io.viewkeeper.schema.database.DatabaseException;
import io.viewkeeper.schema.database.Instants;
import io.viewkeeper.schema.database.Session;
import io.viewkeeper.schema.event.RefreshCompleted;
import io.viewkeeper.schema.event.RefreshMethod;
import io.viewkeeper.schema.event.ViewName;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One refresh: lock, check, refresh, record, announce, in one transaction, so that the new data, its history and its
 * event exist together or not at all.
 */
final class Refresher {
    /** The server gives up first; this much later the client does. */
    private static final Duration CLIENT_GRACE = Duration.ofSeconds(30);

    private static final String LIMITS = """
        /* viewkeeper:refresh */
        select
          pg_catalog.set_config('lock_timeout', $1, true),
          pg_catalog.set_config('statement_timeout', $2, true),
          pg_catalog.set_config('timezone', $3, true),
          pg_catalog.set_config('work_mem', coalesce($4, pg_catalog.current_setting('work_mem')), true)
        """;

    // Transaction-scoped, so that it works behind a pooler and ends with the backend. Two views whose names hash alike
    // are merely not refreshed at the same time.
    private static final String TRY_LOCK = """
        /* viewkeeper:refresh */
        select pg_catalog.pg_try_advisory_xact_lock(
          pg_catalog.hashtextextended('viewkeeper:' || $1::text || '.' || $2::text, 0))
        """;

    private static final String STATE_IF_DUE = """
        /* viewkeeper:refresh */
        select
          s.next_due_at,
          s.due_trigger,
          s.consecutive_failures,
          s.data_as_of,
          pg_catalog.current_database() as database,
          pg_catalog.clock_timestamp() as started_at
        from viewkeeper.view_state s
        where s.view_schema = $1
          and s.view_name = $2
          and s.next_due_at <= $3
          and s.dropped_at is null
          and s.refusal is null
        """;

    // The counters of a backend survive its transaction until they are flushed: only a difference tells of this
    // refresh.
    private static final String WRITTEN_SO_FAR = """
          pg_catalog.clock_timestamp() as moment,
          coalesce(pg_catalog.pg_stat_get_xact_tuples_inserted(c.oid), 0) as inserted,
          coalesce(pg_catalog.pg_stat_get_xact_tuples_updated(c.oid), 0) as updated,
          coalesce(pg_catalog.pg_stat_get_xact_tuples_deleted(c.oid), 0) as deleted
        """;

    private static final String BEFORE = "/* viewkeeper:refresh */\nselect\n" + WRITTEN_SO_FAR + """
        from pg_catalog.pg_class c
        where c.oid = $1::bigint::oid
        """;

    // We hold the view's lock, so its size can be asked for without waiting.
    private static final String AFTER = "/* viewkeeper:refresh */\nselect\n" + WRITTEN_SO_FAR + """
        ,
          case when c.reltuples >= 0 then c.reltuples::bigint end as rows_estimate,
          pg_catalog.pg_total_relation_size(c.oid) as size_bytes
        from pg_catalog.pg_class c
        where c.oid = $1::bigint::oid
        """;

    private final Database database;
    private final RunRecorder recorder;

    Refresher(Database database, RunRecorder recorder) {
        this.database = database;
        this.recorder = recorder;
    }

    RefreshOutcome refresh(DueView due, Instant now) {
        var run = new Run(UUID.randomUUID());
        try {
            return database.inTransaction(session -> inTransaction(session, due, now, run));
        } catch (DatabaseException failure) {
            Attempt attempt = run.attempt;
            return attempt == null
                    ? new RefreshOutcome.Unrecorded(failure)
                    : recorder.failed(attempt, run.method, run.viewOid, run.lockWaitMillis(), failure);
        } finally {
            run.close();
        }
    }

    private RefreshOutcome inTransaction(Session session, DueView due, Instant now, Run run) {
        limit(session, due.policy());
        if (!session.queryOne(
                TRY_LOCK,
                row -> row.getBoolean(0),
                due.view().schema(),
                due.view().name())) {
            return new RefreshOutcome.Skipped(Reason.LOCKED_ELSEWHERE);
        }
        Optional<Attempt> attempt = attemptIfDue(session, due, now, run.id);
        Optional<MaterializedView> view = ViewCatalog.find(session, due.view());
        if (attempt.isEmpty() || view.isEmpty()) {
            return new RefreshOutcome.Skipped(Reason.NO_LONGER_DUE);
        }
        run.begins(attempt.get(), view.get().oid());
        run.method = switch (Method.of(view.get(), due.policy().plainRefresh())) {
            case Method.Use(RefreshMethod method) -> method;
            case Method.Refuse(var category, var reason) -> throw new RefusedException(category, reason);
        };
        Measured measured = refreshAndMeasure(session, view.get(), due.policy(), run);
        RefreshCompleted event = recorder.completed(session, attempt.get(), measured);
        return new RefreshOutcome.Completed(event);
    }

    private static void limit(Session session, ViewPolicy policy) {
        session.queryOne(
                LIMITS,
                row -> row,
                policy.lockTimeout().toMillis() + "ms",
                policy.statementTimeout().toMillis() + "ms",
                policy.timeZone().getId(),
                policy.workMem().orElse(null));
    }

    private static Optional<Attempt> attemptIfDue(Session session, DueView due, Instant now, UUID runId) {
        return session.queryFirst(
                STATE_IF_DUE,
                row -> Attempt.read(due, now, runId, row),
                due.view().schema(),
                due.view().name(),
                Instants.parameter(now));
    }

    private Measured refreshAndMeasure(Session session, MaterializedView view, ViewPolicy policy, Run run) {
        // Before the statement that takes the snapshot: the data is at least as new as this.
        Moment before = session.queryOne(BEFORE, Moment::read, view.oid());
        run.watch = LockWatch.on(database, session.backendPid());
        session.command(
                statement(run.method, view.name()), policy.statementTimeout().plus(CLIENT_GRACE));
        return session.queryOne(AFTER, row -> measured(view.oid(), run, before, row), view.oid());
    }

    private static String statement(RefreshMethod method, ViewName view) {
        return "/* viewkeeper:refresh */ refresh materialized view "
                + (method == RefreshMethod.CONCURRENT ? "concurrently " : "") + view.quoted();
    }

    private static Measured measured(long oid, Run run, Moment before, Row row) {
        Moment after = Moment.read(row);
        return new Measured(
                oid,
                run.method,
                before.at(),
                after.at(),
                run.lockWaitMillis(),
                run.method == RefreshMethod.CONCURRENT ? after.rows().since(before.rows()) : null,
                row.getLong("rows_estimate"),
                row.getLong("size_bytes"));
    }

    private record Moment(Instant at, Measured.Rows rows) {
        static Moment read(Row row) {
            return new Moment(
                    Instants.of(row, "moment"),
                    new Measured.Rows(row.getLong("inserted"), row.getLong("updated"), row.getLong("deleted")));
        }
    }

    /** What is known of the run so far, for the failure's record: the transaction takes the rest with it. */
    private static final class Run {
        final UUID id;
        RefreshMethod method = RefreshMethod.SKIPPED;
        long viewOid;

        @Nullable
        Attempt attempt;

        @Nullable
        LockWatch watch;

        Run(UUID id) {
            this.id = id;
        }

        void begins(Attempt its, long oid) {
            attempt = its;
            viewOid = oid;
        }

        long lockWaitMillis() {
            return watch == null ? 0 : watch.waitedMillis();
        }

        void close() {
            if (watch != null) {
                watch.close();
            }
        }
    }
}
