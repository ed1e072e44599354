// SPDX-License-Identifier: Apache-2.0
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
import org.jboss.logging.Logger;

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
        try {
            List<Chosen> chosen = choose(batch, progress);
            var isolation = batch.consistent()
                    ? Isolation.REPEATABLE_READ
                    : chosen.getFirst().step().isolation();
            return database.inTransaction(isolation, session -> inTransaction(session, batch, chosen, progress));
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

    /** A view that can be refreshed, and how. */
    private record Chosen(Attempt attempt, MaterializedView view, RefreshStep step) {
        Limits limits() {
            return attempt.policy().limits();
        }
    }

    /** Before the transaction, whose isolation depends on it. */
    private List<Chosen> choose(Batch batch, Progress progress) {
        var chosen = new ArrayList<Chosen>();
        for (Attempt attempt : batch.attempts()) {
            progress.goesOnWith(attempt);
            MaterializedView view = database.inSession(session -> ViewCatalog.find(session, attempt.view()))
                    .orElseThrow(() -> new RefusedException(
                            ErrorCategory.UNDEFINED_OBJECT,
                            "the view was dropped or renamed before its refresh began"));
            RefreshStep step = switch (Method.of(view, attempt.policy().plainRefresh())) {
                case Method.Use(RefreshMethod method) -> RefreshStep.of(method);
                case Method.Refuse(var category, var reason) -> throw new RefusedException(category, reason);
            };
            chosen.add(new Chosen(attempt, view, step));
        }
        return chosen;
    }

    private List<RefreshOutcome> inTransaction(Session session, Batch batch, List<Chosen> chosen, Progress progress) {
        // All locks first: a group waits for them before it has worked, while it keeps nobody waiting.
        var starts = new HashMap<Long, Start>();
        for (Chosen one : chosen) {
            progress.goesOnWith(one.attempt());
            limit(session, one.limits());
            Start start = start(session, one.attempt());
            starts.put(one.view().oid(), start);
            progress.chose(one.step().method());
            progress.watch(database, start.pid());
            lock(session, one, progress);
        }
        var measured = new ArrayList<Done>();
        var ages = new HashMap<Long, Age>();
        for (Chosen one : chosen) {
            Start start = requireNonNull(starts.get(one.view().oid()));
            if (batch.consistent()) {
                progress.goesOnWith(one.attempt());
                limit(session, one.limits());
                progress.watch(database, start.pid());
            }
            var measurement = Measurement.before(
                    session, one.view(), start.mayAskForMark(), batch.consistent() ? start.beganAt() : null, ages);
            progress.statementBegins();
            one.step()
                    .work(
                            session,
                            one.view().name(),
                            one.limits().statementTimeout().plus(CLIENT_GRACE));
            Measured done = measurement.after(session, one.step(), progress);
            measured.add(new Done(one.attempt(), done));
            ages.put(one.view().oid(), done.age());
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

    // Keeps out any other REFRESH, so that what is compared later is what ours replaces. LOCK TABLE takes no
    // materialized view; parsing a query does, and readers do not notice its lock.
    private static void lock(Session session, Chosen chosen, Progress progress) {
        progress.statementBegins();
        // A name of its own: one that a cancelled statement left behind is in nobody's way.
        String name = "viewkeeper_lock_" + chosen.attempt().runId().toString().replace('-', '_');
        session.command(
                "/* viewkeeper:refresh */ prepare " + name + " as select from "
                        + chosen.view().name().quoted() + " for share; deallocate " + name,
                chosen.limits().lockTimeout().plus(CLIENT_GRACE));
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
