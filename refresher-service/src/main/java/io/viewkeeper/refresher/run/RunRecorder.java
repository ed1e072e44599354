package io.viewkeeper.refresher.run;

import io.vertx.sqlclient.Row;
import io.viewkeeper.refresher.queue.Attempt;
import io.viewkeeper.refresher.run.RefreshOutcome.Skipped.Reason;
import io.viewkeeper.refresher.schedule.NextDue;
import io.viewkeeper.refresher.state.ViewStateAnnouncer;
import io.viewkeeper.schema.database.Database;
import io.viewkeeper.schema.database.DatabaseException;
import io.viewkeeper.schema.database.Instants;
import io.viewkeeper.schema.database.Session;
import io.viewkeeper.schema.event.RefreshCompleted;
import io.viewkeeper.schema.event.RefreshFailed;
import io.viewkeeper.schema.event.RefreshRun;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Settles how a run ended: the view's new state, and with it the sequence that its event gets. */
public final class RunRecorder {

    private static final String SETTLE = """
        /* viewkeeper:run-recorder */
        delete from viewkeeper.refresh_run
        where run_id = $1
        returning cancelled_by
        """;

    private static final String LOCK_STATE = """
        /* viewkeeper:run-recorder */
        select
          s.event_sequence,
          s.data_as_of,
          s.consecutive_failures,
          s.lasting_failures,
          s.suspended_at is not null as suspended,
          s.suspended_by is not null or s.view_group is null or s.refusal is not null or s.dropped_at is not null as held,
          pg_catalog.clock_timestamp() as moment
        from viewkeeper.view_state s
        where s.view_schema = $1
          and s.view_name = $2
        for update
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

    /** In the transaction of the refresh. */
    RefreshCompleted completed(Session session, Attempt attempt, Measured measured) {
        // The row lock that this takes orders a view's sequence and its outbox positions alike.
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
        long sequence = RunState.completed(
                session, attempt, measured, new RunState.Forecast(duration, expected, next.at(), risk));
        Measured.Rows rows = measured.rows();
        var event = new RefreshCompleted(
                run(attempt, measured, sequence, duration.toMillis()),
                measured.changed(),
                rows == null ? null : rows.inserted(),
                rows == null ? null : rows.updated(),
                rows == null ? null : rows.deleted(),
                measured.size().rowsEstimate(),
                measured.size().bytes(),
                measured.viewOid() == attempt.viewOid() ? attempt.last().dataAsOf() : null,
                measured.age().staleInputs());
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

    /** @param held meanwhile something has come between the view and any further attempt */
    record State(
            long sequence,
            @Nullable Instant dataAsOf,
            int failures,
            int lasting,
            boolean suspended,
            boolean held,
            Instant moment) {
        static State read(Row row) {
            return new State(
                    row.getLong("event_sequence") + 1,
                    Instants.orNull(row, "data_as_of"),
                    row.getInteger("consecutive_failures") + 1,
                    row.getInteger("lasting_failures"),
                    row.getBoolean("suspended"),
                    row.getBoolean("held"),
                    Instants.of(row, "moment"));
        }
    }

    /** Runs of one batch that ended badly, unless they have been settled already. */
    List<RefreshOutcome> failed(Session session, List<Ending> endings) {
        var judged = new ArrayList<Judged>();
        var outcomes = new ArrayList<RefreshOutcome>();
        // In order of name, in which others lock the same rows.
        endings.stream()
                .sorted(Comparator.comparing(ending -> ending.attempt().view()))
                .forEach(ending -> judge(session, ending)
                        .ifPresentOrElse(
                                judged::add,
                                // The connection broke while COMMIT was under way, and the commit had succeeded; or
                                // somebody was faster.
                                () -> outcomes.add(new RefreshOutcome.Skipped(Reason.ALREADY_RECORDED))));
        Optional<Verdict> suspension =
                judged.stream().map(Judged::verdict).filter(Verdict::suspends).findFirst();
        judged.forEach(one -> {
            Verdict verdict = suspension.map(one.verdict()::waitingFor).orElse(one.verdict());
            outcomes.add(record(session, one.ending(), one.state(), verdict));
        });
        return outcomes;
    }

    private record Judged(Ending ending, State state, Verdict verdict) {}

    private Optional<Judged> judge(Session session, Ending ending) {
        Attempt attempt = ending.attempt();
        Optional<State> locked = session.queryFirst(
                LOCK_STATE, State::read, attempt.view().schema(), attempt.view().name());
        Optional<Optional<String>> run =
                session.queryFirst(SETTLE, row -> Optional.ofNullable(row.getString("cancelled_by")), attempt.runId());
        if (run.isEmpty() || locked.isEmpty()) {
            return Optional.empty();
        }
        Verdict verdict = run.get()
                .map(by -> Verdict.cancelled(attempt, locked.get(), by))
                .orElseGet(() -> Verdict.of(ending, locked.get(), spread.nextDouble()));
        return Optional.of(new Judged(ending, locked.get(), verdict));
    }

    private RefreshOutcome record(Session session, Ending ending, State state, Verdict verdict) {
        Attempt attempt = ending.attempt();
        var event = new RefreshFailed(
                run(ending, state),
                verdict.error(),
                verdict.failures(),
                state.held() ? null : verdict.next(),
                verdict.suspends() || state.suspended(),
                state.dataAsOf());
        RunState.failed(
                session, event, new RunState.Consequence(verdict.lasting(), verdict.trigger(), verdict.suspends()));
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

    private RefreshRun run(Ending ending, State state) {
        Attempt attempt = ending.attempt();
        return new RefreshRun(
                attempt.runId(),
                attempt.database(),
                attempt.view(),
                attempt.viewOid(),
                attempt.policy().group(),
                state.sequence(),
                attempt.number(),
                attempt.trigger(),
                ending.method(),
                attempt.scheduledAt(),
                attempt.startedAt(),
                null,
                null,
                state.moment(),
                between(attempt.startedAt(), state.moment()).toMillis(),
                ending.lockWaitMillis(),
                instance);
    }

    static Duration between(Instant start, Instant end) {
        return start.isBefore(end) ? Duration.between(start, end) : Duration.ZERO;
    }
}
