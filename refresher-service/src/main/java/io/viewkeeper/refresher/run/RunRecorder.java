// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.run;

import static java.util.Objects.requireNonNull;

import io.viewkeeper.refresher.change.Causes;
import io.viewkeeper.refresher.queue.Attempt;
import io.viewkeeper.refresher.run.RefreshOutcome.Skipped.Reason;
import io.viewkeeper.refresher.schedule.NextDue;
import io.viewkeeper.refresher.state.RunState;
import io.viewkeeper.refresher.state.Standing;
import io.viewkeeper.refresher.state.StateRows;
import io.viewkeeper.refresher.state.ViewStateAnnouncer;
import io.viewkeeper.schema.database.Database;
import io.viewkeeper.schema.database.DatabaseException;
import io.viewkeeper.schema.database.Session;
import io.viewkeeper.schema.event.RefreshCompleted;
import io.viewkeeper.schema.event.RefreshFailed;
import io.viewkeeper.schema.event.RefreshRun;
import io.viewkeeper.schema.event.ViewName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;

/** Settles how a run ended: the view's new state, and with it the sequence that its event gets. */
public final class RunRecorder {

    private static final String SETTLE = """
        /* viewkeeper:run-recorder */
        delete from viewkeeper.refresh_run
        where run_id = $1
        returning cancelled_by
        """;

    private final Database database;
    private final String instance;
    private final RandomGenerator spread;
    private final Map<UUID, Ending> unwrittenEndings = new ConcurrentHashMap<>();

    public RunRecorder(Database database, String instance, RandomGenerator spread) {
        this.database = database;
        this.instance = instance;
        this.spread = spread;
    }

    /** In the transaction of the refresh, with the view's row locked: that orders its sequence and its outbox positions alike. */
    RefreshCompleted completed(Session session, Attempt attempt, Measured measured, Standing before) {
        Duration duration = between(attempt.startedAt(), measured.finishedAt());
        Duration expected = attempt.expectedAfter(duration);
        // The schedule counts from the snapshot: a fast view over a slow one would never rest if old inputs made it
        // due.
        NextDue.Next next = NextDue.afterSuccess(
                attempt.policy().timing(),
                attempt.course(measured.finishedAt(), measured.age().readAt(), expected));
        String risk = next.targetRisk() != null
                ? next.targetRisk()
                : measured.age()
                        .risk(attempt.policy().timing().freshnessTarget(), measured.finishedAt())
                        .orElse(null);
        Measured.Rows rows = measured.rows();
        var event = new RefreshCompleted(
                run(attempt, measured, before.sequence() + 1, duration.toMillis()),
                measured.changed(),
                rows == null ? null : rows.inserted(),
                rows == null ? null : rows.updated(),
                rows == null ? null : rows.deleted(),
                measured.size().rowsEstimate(),
                measured.size().bytes(),
                measured.viewOid() == attempt.viewOid() ? attempt.last().dataAsOf() : null,
                measured.age().staleInputs());
        RunState.complete(session, event, measured.mark(), new RunState.Forecast(expected, next.at(), risk));
        RunHistory.write(session, event, attempt.requestedBy());
        ViewStateAnnouncer.announce(session, List.of(attempt.view()));
        if (session.query(SETTLE, row -> row, attempt.runId()).isEmpty()) {
            throw new IllegalStateException("the run's row is gone though its lock is held: " + attempt.view());
        }
        return event;
    }

    /** After the rollback, in a transaction of its own. What cannot be written now is settled by {@link Orphans}. */
    List<RefreshOutcome> failed(List<Ending> endings, RuntimeException failure) {
        try {
            return database.inTransaction(session -> failed(session, endings));
        } catch (DatabaseException unwritten) {
            failure.addSuppressed(unwritten);
            endings.forEach(ending -> unwrittenEndings.put(ending.attempt().runId(), ending));
            return endings.stream()
                    .<RefreshOutcome>map(_ -> new RefreshOutcome.Unrecorded(failure))
                    .toList();
        }
    }

    /** How runs of this process ended, by their ids, as long as that could not be written. */
    Map<UUID, Ending> unwritten() {
        return unwrittenEndings;
    }

    /** Runs of one batch that ended badly, unless they have been settled already. */
    List<RefreshOutcome> failed(Session session, List<Ending> endings) {
        var endingOf = new HashMap<ViewName, Ending>();
        endings.forEach(ending -> endingOf.put(ending.attempt().view(), ending));
        var judged = new ArrayList<Judged>();
        for (Standing standing : StateRows.lock(session, endingOf.keySet())) {
            judge(session, requireNonNull(endingOf.remove(standing.view())), standing)
                    .ifPresent(judged::add);
        }
        Optional<Verdict> suspension =
                judged.stream().map(Judged::verdict).filter(Verdict::suspends).findFirst();
        var outcomes = new ArrayList<RefreshOutcome>();
        judged.forEach(one -> {
            Verdict verdict = suspension.map(one.verdict()::waitingFor).orElse(one.verdict());
            outcomes.add(record(session, one.ending(), one.standing(), verdict));
        });
        // The connection broke while COMMIT was under way, and the commit had succeeded; or somebody was faster.
        for (int settled = judged.size(); settled < endings.size(); settled++) {
            outcomes.add(new RefreshOutcome.Skipped(Reason.ALREADY_RECORDED));
        }
        return outcomes;
    }

    private record Judged(Ending ending, Standing standing, Verdict verdict) {}

    private Optional<Judged> judge(Session session, Ending ending, Standing standing) {
        Attempt attempt = ending.attempt();
        return session.queryFirst(SETTLE, row -> Optional.ofNullable(row.getString("cancelled_by")), attempt.runId())
                .map(cancelledBy -> new Judged(
                        ending,
                        standing,
                        cancelledBy
                                .map(by -> Verdict.cancelled(attempt, standing, by))
                                .orElseGet(() -> Verdict.of(ending, standing, spread.nextDouble()))));
    }

    private RefreshOutcome record(Session session, Ending ending, Standing before, Verdict verdict) {
        Attempt attempt = ending.attempt();
        var event = new RefreshFailed(
                run(ending, before),
                verdict.error(),
                verdict.failures(),
                before.held() ? null : verdict.next(),
                verdict.suspends() || before.suspended(),
                before.dataAsOf());
        RunState.fail(
                session, event, new RunState.Consequence(verdict.lasting(), verdict.trigger(), verdict.suspends()));
        if (verdict.suspends()) {
            Causes.remember(session, attempt.view());
        }
        RunHistory.write(session, event, attempt.requestedBy());
        ViewStateAnnouncer.announce(session, List.of(attempt.view()));
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
                measured.age().readAt(),
                measured.age().dataAsOf(),
                measured.finishedAt(),
                durationMillis,
                measured.lockWaitMillis(),
                instance);
    }

    private RefreshRun run(Ending ending, Standing before) {
        Attempt attempt = ending.attempt();
        return new RefreshRun(
                attempt.runId(),
                attempt.database(),
                attempt.view(),
                attempt.viewOid(),
                attempt.policy().group(),
                before.sequence() + 1,
                attempt.number(),
                attempt.trigger(),
                ending.method(),
                attempt.scheduledAt(),
                attempt.startedAt(),
                null,
                null,
                before.moment(),
                between(attempt.startedAt(), before.moment()).toMillis(),
                ending.lockWaitMillis(),
                instance);
    }

    static Duration between(Instant start, Instant end) {
        return start.isBefore(end) ? Duration.between(start, end) : Duration.ZERO;
    }
}
