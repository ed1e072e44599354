// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.run;

import io.vertx.sqlclient.Row;
import io.viewkeeper.refresher.queue.Attempt;
import io.viewkeeper.refresher.queue.Heartbeat;
import io.viewkeeper.refresher.queue.Replicas;
import io.viewkeeper.refresher.schedule.Policies;
import io.viewkeeper.refresher.state.StateRows;
import io.viewkeeper.refresher.view.ViewNames;
import io.viewkeeper.schema.database.Database;
import io.viewkeeper.schema.database.Instants;
import io.viewkeeper.schema.database.Session;
import io.viewkeeper.schema.event.ErrorCategory;
import io.viewkeeper.schema.event.RefreshError;
import io.viewkeeper.schema.event.ViewName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Settles runs whose end nobody has recorded: those of a process that died, and those of our own whose failure could not be
 * written because PostgreSQL was away. A run whose backend still works is left alone, for it holds the view's lock.
 */
public final class Orphans {
    private static final Logger LOG = Logger.getLogger(Orphans.class);

    /** Runs that one look settles. */
    private static final int MOST = 100;

    private static final String UNDER_WAY = """
        /* viewkeeper:orphans */
        select r.run_id, r.view_schema, r.view_name, r.instance, r.process_id, p.heartbeat_at
        from viewkeeper.refresh_run r
        left join viewkeeper.refresher_process p on p.process_id = r.process_id
        order by r.view_schema, r.view_name
        """;

    private static final String TRY_LOCK = """
        /* viewkeeper:orphans */
        select pg_catalog.pg_try_advisory_xact_lock(pg_catalog.hashtextextended('viewkeeper:' || $1::text, 0))
        """;

    private static final String FORGET = """
        /* viewkeeper:orphans */
        delete from viewkeeper.refresh_run
        where run_id = $1
        """;

    private record UnderWay(
            UUID runId,
            ViewName view,
            String instance,
            UUID processId,
            @Nullable Instant beatAt) {
        static UnderWay read(Row row) {
            return new UnderWay(
                    row.getUUID("run_id"),
                    ViewNames.of(row),
                    row.getString("instance"),
                    row.getUUID("process_id"),
                    Instants.orNull(row, "heartbeat_at"));
        }
    }

    private final Database database;
    private final Policies policies;
    private final RunRecorder recorder;
    private final UUID processId;
    private final Replicas replicas;

    public Orphans(Database database, Policies policies, RunRecorder recorder, Heartbeat heartbeat) {
        this.database = database;
        this.policies = policies;
        this.recorder = recorder;
        this.processId = heartbeat.processId();
        this.replicas = new Replicas(heartbeat.period());
    }

    /**
     * The runs that were settled.
     *
     * @param running this process's own runs
     */
    public List<RefreshOutcome> settle(Collection<UUID> running, Instant now) {
        List<UnderWay> underWay = database.query(UNDER_WAY, UnderWay::read);
        // Somebody else, who took us for dead, has settled what is not there any more.
        Set<UUID> known = underWay.stream().map(UnderWay::runId).collect(Collectors.toSet());
        recorder.unwritten().keySet().removeIf(run -> !known.contains(run) && !running.contains(run));
        var beats = new HashMap<UUID, @Nullable Instant>();
        underWay.stream()
                .filter(run -> !run.processId().equals(processId))
                .forEach(run -> beats.put(run.processId(), run.beatAt()));
        replicas.look(beats);
        List<UnderWay> abandoned = underWay.stream()
                .filter(run -> run.processId().equals(processId)
                        ? !running.contains(run.runId())
                        : replicas.isDead(run.processId()))
                .limit(MOST)
                .toList();
        var outcomes = new ArrayList<RefreshOutcome>();
        for (UnderWay run : abandoned) {
            StateRows.briefly(database, session -> settle(session, run, now)).ifPresent(outcomes::add);
        }
        return outcomes;
    }

    private Optional<RefreshOutcome> settle(Session session, UnderWay run, Instant now) {
        if (!session.queryOne(TRY_LOCK, row -> row.getBoolean(0), run.view().quoted())) {
            return Optional.empty();
        }
        Optional<Attempt> attempt =
                policies.of(run.view()).flatMap(policy -> Attempt.find(session, run.runId(), policy, now));
        if (attempt.isEmpty()) {
            if (session.update(FORGET, run.runId()) > 0) {
                LOG.infof(
                        "view=%s run=%s state=forgotten no group asks for the view any more", run.view(), run.runId());
            }
            return Optional.empty();
        }
        return recorder.failed(session, List.of(ending(run, attempt.get()))).stream()
                .findFirst();
    }

    private Ending ending(UnderWay run, Attempt attempt) {
        Ending unwritten = recorder.unwritten().get(run.runId());
        if (unwritten != null) {
            return new Ending(
                    attempt, unwritten.method(), unwritten.lockWaitMillis(), unwritten.error(), unwritten.lasts());
        }
        var error = run.processId().equals(processId)
                ? new RefreshError(
                        ErrorCategory.CONNECTION_LOST,
                        null,
                        "the connection to PostgreSQL was lost, and with it the refresh",
                        true)
                : new RefreshError(
                        ErrorCategory.ORPHANED,
                        null,
                        "the refresher " + run.instance() + " died while it refreshed the view",
                        true);
        return Ending.unseen(attempt, error);
    }
}
