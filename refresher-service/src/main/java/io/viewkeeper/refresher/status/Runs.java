// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.status;

import io.vertx.sqlclient.Row;
import io.viewkeeper.refresher.run.RefreshStep;
import io.viewkeeper.refresher.status.RunStatus.Phase;
import io.viewkeeper.refresher.view.ViewNames;
import io.viewkeeper.schema.database.Database;
import io.viewkeeper.schema.database.Instants;
import io.viewkeeper.schema.event.ViewName;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Answers where a run is: asked for, under way, or ended. */
public final class Runs {
    // One statement, one snapshot: a run that moves on meanwhile is seen in one place.
    private static final String FIND = """
        /* viewkeeper:runs */
        select
          'pending' as state, s.view_schema, s.view_name, s.view_group, s.due_trigger as trigger,
          s.consecutive_failures + 1 as attempt, s.requested_by, s.next_due_at as scheduled_at,
          null::timestamptz as started_at, null::bigint as elapsed_ms, s.expected_duration_ms,
          null::text as cancelled_by
        from viewkeeper.view_state s
        where s.pending_run_id = $1
          and s.dropped_at is null
        union all
        select
          'running', r.view_schema, r.view_name, r.view_group, r.trigger, r.attempt, r.requested_by, r.scheduled_at,
          r.claimed_at,
          (pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() - r.claimed_at) * 1000)::bigint,
          r.expected_duration_ms, r.cancelled_by
        from viewkeeper.refresh_run r
        where r.run_id = $1
        union all
        select
          l.status, l.view_schema, l.view_name, l.view_group, l.trigger, l.attempt, l.requested_by, l.scheduled_at,
          l.started_at, l.duration_ms, null, null
        from analytics.view_refresh_log l
        where l.run_id = $1
        """;

    // The backend that holds the view's advisory lock refreshes it; the lock's key is split into two halves. Of its own
    // sessions this role sees everything, of others nothing. The text of a statement tells the refresh from what comes
    // before and after it.
    private static final String PHASE = """
        /* viewkeeper:runs */
        select
          exists (select from pg_catalog.pg_locks w where w.pid = a.pid and not w.granted) as waits,
          pg_catalog.pg_blocking_pids(a.pid) as blocked_by,
          a.state = 'active' and a.query like $2::text || '%' as refreshes
        from pg_catalog.pg_stat_activity a
        where a.pid in (
          select l.pid
          from pg_catalog.pg_locks l
          where l.locktype = 'advisory'
            and l.granted
            and l.objsubid = 1
            and l.database = (select d.oid from pg_catalog.pg_database d where d.datname = pg_catalog.current_database())
            and ((l.classid::bigint << 32) | l.objid::bigint)
              = pg_catalog.hashtextextended('viewkeeper:' || $1::text, 0)
        )
        order by a.pid
        limit 1
        """;

    private static final Phase STARTING = new Phase("starting", List.of());

    private final Database database;

    public Runs(Database database) {
        this.database = database;
    }

    /** The run, unless nobody knows it: it never was, was forgotten before it began, or its row was purged. */
    public Optional<RunStatus> find(UUID runId) {
        return database.queryFirst(FIND, row -> row, runId).map(found -> switch (found.getString("state")) {
            case "pending" -> status(runId, found, Phase.NONE, null);
            case "running" -> status(runId, found, phase(found), null);
            default ->
                status(runId, found, Phase.NONE, database.queryOne(RefreshRecord.OF_RUN, RefreshRecord::read, runId));
        });
    }

    private Phase phase(Row running) {
        Phase now = phase(ViewNames.of(running));
        return running.getString("cancelled_by") == null ? now : new Phase("being cancelled", now.blockedBy());
    }

    private Phase phase(ViewName view) {
        return database.queryFirst(PHASE, Runs::read, view.quoted(), RefreshStep.MARK)
                .orElse(STARTING);
    }

    private static Phase read(Row row) {
        if (row.getBoolean("waits")) {
            return new Phase("waiting for a lock", List.of(row.getArrayOfIntegers("blocked_by")));
        }
        return new Phase(row.getBoolean("refreshes") ? "refreshing" : "checking or recording", List.of());
    }

    private static RunStatus status(UUID runId, Row row, Phase phase, @Nullable RefreshRecord result) {
        return new RunStatus(
                runId,
                ViewNames.of(row).toString(),
                row.getString("state"),
                row.getString("view_group"),
                row.getString("trigger"),
                row.getInteger("attempt"),
                row.getString("requested_by"),
                Instants.orNull(row, "scheduled_at"),
                Instants.orNull(row, "started_at"),
                row.getLong("elapsed_ms"),
                row.getLong("expected_duration_ms"),
                phase.text(),
                phase.blockedBy(),
                result == null ? row.getString("cancelled_by") : null,
                result);
    }
}
