package io.viewkeeper.refresher.run;

import static java.util.Objects.requireNonNull;

import io.vertx.sqlclient.Row;
import io.viewkeeper.refresher.change.Mark;
import io.viewkeeper.refresher.queue.Attempt;
import io.viewkeeper.refresher.queue.Batch;
import io.viewkeeper.refresher.run.RefreshOutcome.Skipped.Reason;
import io.viewkeeper.refresher.schedule.Limits;
import io.viewkeeper.refresher.schedule.Method;
import io.viewkeeper.refresher.state.Standing;
import io.viewkeeper.refresher.state.StateRows;
import io.viewkeeper.refresher.view.MaterializedView;
import io.viewkeeper.refresher.view.ViewCatalog;
import io.viewkeeper.schema.database.Database;
import io.viewkeeper.schema.database.DatabaseException;
import io.viewkeeper.schema.database.Instants;
import io.viewkeeper.schema.database.Isolation;
import io.viewkeeper.schema.database.Session;
import io.viewkeeper.schema.database.SqlState;
import io.viewkeeper.schema.event.ErrorCategory;
import io.viewkeeper.schema.event.RefreshMethod;
import io.viewkeeper.schema.event.ViewName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One claimed batch: check, refresh, record, announce, in one transaction, so that the new data, its history and its event
 * exist together or not at all.
 */
public final class Refresher {
    private static final Logger LOG = Logger.getLogger(Refresher.class);

    /** The server gives up first; this much later the client does. */
    private static final Duration CLIENT_GRACE = Duration.ofSeconds(30);

    /** How often a consistent group begins anew because somebody asked for one of its views, or suspended one, meanwhile. */
    private static final int REPETITIONS = 10;

    // With row security on, a policy may leave out rows that the owner may not see, in silence; off, it is an error.
    private static final String LIMITS = """
        /* viewkeeper:refresh */
        select
          pg_catalog.set_config('lock_timeout', $1, true),
          pg_catalog.set_config('statement_timeout', $2, true),
          pg_catalog.set_config('timezone', $3, true),
          pg_catalog.set_config('row_security', $5, true),
          pg_catalog.set_config('work_mem', coalesce($4, pg_catalog.current_setting('work_mem')), true)
        """;

    // The lock tells the others that this backend lives, and which one it is. Transaction-scoped, so that it works
    // behind a pooler and ends with the backend.
    private static final String BEGIN = """
        /* viewkeeper:refresh */
        select
          pg_catalog.pg_try_advisory_xact_lock(pg_catalog.hashtextextended('viewkeeper:' || $2::text, 0)) as locked,
          pg_catalog.pg_backend_pid() as pid,
          pg_catalog.now() as began_at,
          %s as may_ask_for_mark,
          exists (select from viewkeeper.refresh_run r where r.run_id = $1) as claimed,
          exists (select from viewkeeper.refresh_run r where r.run_id = $1 and r.cancelled_at is not null) as cancelled
        """.formatted(Mark.MAY_ASK);

    // The counters of a backend survive its transaction until they are flushed: only a difference tells of this
    // refresh.
    private static final String WRITTEN_SO_FAR = """
          pg_catalog.clock_timestamp() as moment,
          coalesce(pg_catalog.pg_stat_get_xact_tuples_inserted(c.oid), 0) as inserted,
          coalesce(pg_catalog.pg_stat_get_xact_tuples_updated(c.oid), 0) as updated,
          coalesce(pg_catalog.pg_stat_get_xact_tuples_deleted(c.oid), 0) as deleted
        """;

    // to_regclass knows what REFRESH knows; the catalog of a snapshot may show a view that is no more.
    private static final String STILL_THE_SAME = """
        from pg_catalog.pg_class c
        where c.oid = $1::bigint::oid
          and c.oid = pg_catalog.to_regclass($2)
        """;

    // A snapshot of the whole transaction is older than the lock: currtid2 looks at what is committed by now.
    private static final String BEFORE =
            "/* viewkeeper:refresh */\nselect\n" + WRITTEN_SO_FAR + """
        ,
          (
            select s.announced_mark
            from viewkeeper.view_state s
            where s.view_schema = $3
              and s.view_name = $4
          ) is not distinct from
        """ + Mark.OF_C + """
         as as_announced,
          pg_catalog.currtid2('pg_catalog.pg_class', c.ctid) <> c.ctid as replaced
        """ + STILL_THE_SAME;

    // We hold the view's lock, so its size can be asked for without waiting, and its name is what it will be.
    private static final String AFTER =
            "/* viewkeeper:refresh */\nselect\n" + WRITTEN_SO_FAR + """
        ,
          case when c.reltuples >= 0 then c.reltuples::bigint end as rows_estimate,
          pg_catalog.pg_total_relation_size(c.oid) as size_bytes,
          pg_catalog.current_setting('track_counts')::boolean as counted,
        """ + Mark.OF_C + " as mark\n" + STILL_THE_SAME;

    private final Database database;
    private final RunRecorder recorder;

    public Refresher(Database database, RunRecorder recorder) {
        this.database = database;
        this.recorder = recorder;
    }

    /** One outcome for each attempt, in their order. */
    public List<RefreshOutcome> refresh(Batch batch) {
        for (int repetitions = 0; repetitions < REPETITIONS; repetitions++) {
            try {
                return refresh(batch, true);
            } catch (OvertakenException command) {
                LOG.debugf("batch=\"%s\" state=repeated reason=overtaken", batch);
            }
        }
        return refresh(batch, false);
    }

    private List<RefreshOutcome> refresh(Batch batch, boolean mayBeRepeated) {
        var progress = new Progress(batch);
        var isolation = batch.consistent() ? Isolation.REPEATABLE_READ : Isolation.READ_COMMITTED;
        try {
            return database.inTransaction(isolation, session -> inTransaction(session, batch, progress));
        } catch (OvertakenException command) {
            if (mayBeRepeated) {
                throw command;
            }
            return recorder.failed(progress.endings(overtaken()), command);
        } catch (NotOursException reaped) {
            return batch.attempts().stream()
                    .<RefreshOutcome>map(_ -> new RefreshOutcome.Skipped(Reason.NO_LONGER_OURS))
                    .toList();
        } catch (DatabaseException failure) {
            return recorder.failed(progress.endings(failure), failure);
        } catch (RuntimeException defect) {
            LOG.errorf(defect, "batch=\"%s\" state=failed by a defect of the refresher", batch);
            return recorder.failed(
                    progress.endings(new RefusedException(
                            ErrorCategory.OTHER,
                            "a defect of the refresher, whose log has it: "
                                    + defect.getClass().getSimpleName(),
                            true)),
                    defect);
        } finally {
            progress.close();
        }
    }

    private List<RefreshOutcome> inTransaction(Session session, Batch batch, Progress progress) {
        var measured = new ArrayList<Done>();
        var ages = new HashMap<Long, Age>();
        for (Attempt attempt : batch.attempts()) {
            progress.begins(attempt);
            limit(session, attempt.policy().limits());
            Start start = start(session, attempt);
            progress.mayAskForMark = start.mayAskForMark();
            MaterializedView view = ViewCatalog.find(session, attempt.view())
                    .orElseThrow(() -> new RefusedException(
                            ErrorCategory.UNDEFINED_OBJECT,
                            "the view was dropped or renamed before its refresh began"));
            progress.method = switch (Method.of(view, attempt.policy().plainRefresh())) {
                case Method.Use(RefreshMethod method) -> method;
                case Method.Refuse(var category, var reason) -> throw new RefusedException(category, reason);
            };
            progress.watch(database, start.pid());
            Before before = before(session, view, progress, batch.consistent() ? start : null, ages);
            Measured done = refreshAndMeasure(session, view, before, progress);
            measured.add(new Done(attempt, done));
            ages.put(view.oid(), done.age());
        }
        progress.records();
        return record(session, measured);
    }

    private record Done(Attempt attempt, Measured measured) {}

    private List<RefreshOutcome> record(Session session, List<Done> refreshed) {
        var doneOf = new HashMap<ViewName, Done>();
        refreshed.forEach(done -> doneOf.put(done.attempt().view(), done));
        try {
            var outcomes = new ArrayList<RefreshOutcome>();
            for (Standing standing : StateRows.lock(session, doneOf.keySet())) {
                Done done = requireNonNull(doneOf.get(standing.view()));
                outcomes.add(new RefreshOutcome.Completed(
                        recorder.completed(session, done.attempt(), done.measured(), standing)));
            }
            if (outcomes.size() < refreshed.size()) {
                throw new IllegalStateException("a view's row is gone from viewkeeper.view_state: " + doneOf.keySet());
            }
            return outcomes;
        } catch (DatabaseException failure) {
            throw failure.sqlState().equals(SqlState.SERIALIZATION_FAILURE) ? new OvertakenException() : failure;
        }
    }

    private static void limit(Session session, Limits limits) {
        session.queryOne(
                LIMITS,
                row -> row,
                limits.lockTimeout().toMillis() + "ms",
                limits.statementTimeout().toMillis() + "ms",
                limits.serverTimeZone(),
                limits.workMem().orElse(null),
                limits.rowSecurity() ? "on" : "off");
    }

    /** Server process that refreshes, and when its transaction began: no later than a snapshot of all of it. */
    private record Start(int pid, Instant beganAt, boolean mayAskForMark) {}

    private static Start start(Session session, Attempt attempt) {
        Row row = session.queryOne(
                BEGIN, found -> found, attempt.runId(), attempt.view().quoted());
        if (!row.getBoolean("claimed")) {
            throw new NotOursException();
        }
        if (row.getBoolean("cancelled")) {
            throw new RefusedException(ErrorCategory.OTHER, "cancelled before it began");
        }
        if (!row.getBoolean("locked")) {
            throw new RefusedException(
                    ErrorCategory.LOCK_TIMEOUT, "another session still holds Viewkeeper's lock of the view", true);
        }
        return new Start(row.getInteger("pid"), Instants.of(row, "began_at"), row.getBoolean("may_ask_for_mark"));
    }

    /** What is so when nobody else can refresh the view any more, and before the statement that takes the snapshot. */
    private record Before(Inputs inputs, Age age, Measured.Rows rows, boolean asAnnounced) {}

    private static Before before(
            Session session,
            MaterializedView view,
            Progress progress,
            @Nullable Start ofOneSnapshot,
            Map<Long, Age> refreshedHere) {
        Limits limits = progress.attempt.policy().limits();
        progress.statementBegins();
        session.command(
                lock(view.name(), progress.attempt.runId()),
                limits.lockTimeout().plus(CLIENT_GRACE));
        Row row = session.queryFirst(
                        Mark.in(BEFORE, progress.mayAskForMark),
                        found -> found,
                        view.oid(),
                        view.name().quoted(),
                        view.name().schema(),
                        view.name().name())
                .orElseThrow(Refresher::replaced);
        if (ofOneSnapshot != null && row.getBoolean("replaced")) {
            throw new RefusedException(
                    ErrorCategory.OTHER,
                    "somebody else refreshed or altered the view after the snapshot of its group was taken",
                    true);
        }
        Instant readAt = ofOneSnapshot == null ? Instants.of(row, "moment") : ofOneSnapshot.beganAt();
        Inputs inputs = Inputs.of(session, view.oid());
        return new Before(inputs, inputs.age(readAt, refreshedHere), rows(row), row.getBoolean("as_announced"));
    }

    private static Measured refreshAndMeasure(
            Session session, MaterializedView view, Before before, Progress progress) {
        progress.statementBegins();
        session.command(
                statement(progress.method, view.name()),
                progress.attempt.policy().limits().statementTimeout().plus(CLIENT_GRACE));
        if (!before.inputs().areStillRead(session, view.oid())) {
            throw new RefusedException(
                    ErrorCategory.OTHER, "somebody replaced a view that it reads while the refresh began", true);
        }
        return session.queryFirst(
                        Mark.in(AFTER, progress.mayAskForMark),
                        row -> measured(view.oid(), progress, before, row),
                        view.oid(),
                        view.name().quoted())
                .orElseThrow(Refresher::replaced);
    }

    private static RefusedException replaced() {
        return new RefusedException(
                ErrorCategory.UNDEFINED_OBJECT, "the view was renamed or re-created while its refresh began", true);
    }

    // Keeps out any other REFRESH, so that what is compared now is what ours replaces. LOCK TABLE takes no materialized
    // view; parsing a query does, and readers do not notice its lock.
    private static String lock(ViewName view, UUID runId) {
        // A name of its own: one that a cancelled statement left behind is in nobody's way.
        String name = "viewkeeper_lock_" + runId.toString().replace('-', '_');
        return "/* viewkeeper:refresh */ prepare " + name + " as select from " + view.quoted()
                + " for share; deallocate " + name;
    }

    private static String statement(RefreshMethod method, ViewName view) {
        return "/* viewkeeper:refresh */ refresh materialized view "
                + (method == RefreshMethod.CONCURRENT ? "concurrently " : "") + view.quoted();
    }

    private static Measured measured(long oid, Progress progress, Before before, Row row) {
        return new Measured(
                oid,
                progress.method,
                before.age(),
                Instants.of(row, "moment"),
                progress.lockWaitMillis(),
                progress.method == RefreshMethod.CONCURRENT && row.getBoolean("counted")
                        ? rows(row).since(before.rows())
                        : null,
                new Measured.Size(row.getLong("rows_estimate"), row.getLong("size_bytes")),
                row.getString("mark"),
                !before.asAnnounced());
    }

    private static Measured.Rows rows(Row row) {
        return new Measured.Rows(row.getLong("inserted"), row.getLong("updated"), row.getLong("deleted"));
    }

    private static RefusedException overtaken() {
        return new RefusedException(
                ErrorCategory.OTHER,
                "whenever its group was refreshed, somebody asked for, suspended or altered one of its views meanwhile",
                true);
    }

    /** Since the snapshot of the group somebody has changed what is known of one of its views, by a command for example. */
    private static final class OvertakenException extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    /** Its row in {@code refresh_run} is gone: somebody else has settled the run. */
    private static final class NotOursException extends RuntimeException {
        private static final long serialVersionUID = 1;
    }
}
