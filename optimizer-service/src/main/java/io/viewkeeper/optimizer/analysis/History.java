// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.analysis;

import io.vertx.sqlclient.Row;
import io.viewkeeper.optimizer.examine.Likeness;
import io.viewkeeper.optimizer.finding.PlanHistory;
import io.viewkeeper.optimizer.finding.Slowdown;
import io.viewkeeper.optimizer.plan.MalformedPlanException;
import io.viewkeeper.optimizer.plan.PlanReader;
import io.viewkeeper.schema.database.Database;
import io.viewkeeper.schema.database.Instants;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What statements did before: their newest analyses, and how they ran with the plan that they had before this one. */
final class History {
    private static final String KNOWN = """
        /* viewkeeper:analysis */
        select
          s.statement_id, s.relations, a.analysis_id, a.analyzed_at, a.previous_analysis_id is null as first,
          exists (
            select
            from viewkeeper.query_analysis e
            where e.statement_id = s.statement_id
              and (
                e.outcome = 'executed'
                or exists (select from unnest(e.notes) as n (note) where pg_catalog.starts_with(n.note, $2)))
              and e.requested_by is null
          ) as executed,
          exists (
            select
            from viewkeeper.query_finding f
            where f.analysis_id = a.analysis_id
              and f.rule = 'plan-regression'
          ) as regressed
        from viewkeeper.statement s
        join viewkeeper.query_analysis a on a.analysis_id = s.analysis_id
        where s.statement_id = any ($1)
        """;

    // The newest analysis whose plan had another shape, and what the windows of both shapes counted. The window after
    // it, in
    // which the plan changed, is of both and counts for neither.
    private static final String OTHER_PLAN = """
        /* viewkeeper:analysis */
        with earlier as (
          select analysis_id, analyzed_at, plan::text as plan, plan_hash
          from viewkeeper.query_analysis
          where statement_id = $1
            and requested_by is null
            and plan_hash is not null
            and plan_hash <> $2
          order by analyzed_at desc
          limit 1
        )
        select
          e.analysis_id,
          e.analyzed_at,
          e.plan,
          coalesce(pg_catalog.sum(w.calls) filter (where w.plan_hash = e.plan_hash and w.until_at <= e.analyzed_at), 0)::bigint as earlier_calls,
          coalesce(pg_catalog.sum(w.total_ms) filter (where w.plan_hash = e.plan_hash and w.until_at <= e.analyzed_at), 0) as earlier_ms,
          coalesce(pg_catalog.sum(w.calls) filter (where w.plan_hash = $2 and w.until_at > e.analyzed_at), 0)::bigint as calls,
          coalesce(pg_catalog.sum(w.total_ms) filter (where w.plan_hash = $2 and w.until_at > e.analyzed_at), 0) as ms
        from earlier e
        left join viewkeeper.statement_window w
          on w.statement_id = $1
          and w.plan_hash in (e.plan_hash, $2)
        group by e.analysis_id, e.analyzed_at, e.plan
        """;

    /** The newest windows each by itself, those before them by the hour. */
    private static final String WINDOWS = """
        /* viewkeeper:analysis */
        select
          w.statement_id,
          coalesce(pg_catalog.min(w.from_at), pg_catalog.min(w.until_at)) as from_at,
          pg_catalog.max(w.until_at) as until_at,
          pg_catalog.sum(w.calls)::bigint as calls,
          pg_catalog.sum(w.total_ms) as millis,
          pg_catalog.sum(w.calls * (w.stddev_ms * w.stddev_ms + w.mean_ms * w.mean_ms)) as squares,
          pg_catalog.sum(w.rows)::bigint as rows,
          pg_catalog.sum(w.hit + w.read)::bigint as blocks,
          pg_catalog.sum(w.read)::bigint as read
        from (
          select w.*, pg_catalog.row_number() over (partition by w.statement_id order by w.until_at desc) as nth
          from viewkeeper.statement_window w
          where w.statement_id = any ($1)
            and w.until_at > pg_catalog.clock_timestamp() - interval '7 days'
        ) as w
        group by w.statement_id, case when w.nth <= 100 then w.until_at else pg_catalog.date_trunc('hour', w.until_at) end
        order by w.statement_id, 3
        """;

    private static final String PLAN_BEFORE = """
        /* viewkeeper:analysis */
        select a.analysis_id, a.plan_hash
        from viewkeeper.query_analysis a
        where a.statement_id = $1
          and a.analyzed_at <= $2
          and a.plan_hash is not null
          and a.requested_by is null
        order by a.analyzed_at desc
        limit 1
        """;

    private final Database database;

    History(Database database) {
        this.database = database;
    }

    /**
     * A statement's newest analysis.
     *
     * @param relations as schema.name; empty where it has no plan
     * @param first there is none before it: it only told what the statement reads
     * @param executed some analysis of it was
     * @param regressed it says that the statement was quicker before
     */
    record Known(
            UUID analysisId,
            Instant analyzedAt,
            List<String> relations,
            boolean first,
            boolean executed,
            boolean regressed) {}

    /** By id of the statement; those never analysed are missing. */
    Map<String, Known> known(List<String> statements) {
        var known = new HashMap<String, Known>();
        database.query(
                        KNOWN,
                        row -> Map.entry(
                                row.getString("statement_id"),
                                new Known(
                                        row.getUUID("analysis_id"),
                                        Instants.of(row, "analyzed_at"),
                                        Analyses.texts(row, "relations"),
                                        row.getBoolean("first"),
                                        row.getBoolean("executed"),
                                        row.getBoolean("regressed"))),
                        statements.toArray(String[]::new),
                        Likeness.PROVES_NOTHING)
                .forEach(entry -> known.put(entry.getKey(), entry.getValue()));
        return known;
    }

    /** Those whose calls take longer than they did, by id of the statement; whether or not anybody looked at them before. */
    Map<String, Slowdown> slowdowns(List<String> statements) {
        var windows = new HashMap<String, List<Slowdown.Calls>>();
        database.query(WINDOWS, row -> Map.entry(row.getString("statement_id"), calls(row)), (Object)
                        statements.toArray(String[]::new))
                .forEach(entry -> windows.computeIfAbsent(entry.getKey(), _ -> new ArrayList<>())
                        .add(entry.getValue()));
        var slowdowns = new HashMap<String, Slowdown>();
        windows.forEach((statement, calls) -> {
            var slowdown = Slowdown.in(calls);
            if (slowdown != null) {
                slowdowns.put(statement, slowdown);
            }
        });
        return slowdowns;
    }

    private static Slowdown.Calls calls(Row row) {
        return new Slowdown.Calls(
                Instants.of(row, "from_at"),
                Instants.of(row, "until_at"),
                row.getLong("calls"),
                row.getDouble("millis"),
                row.getDouble("squares"),
                row.getLong("rows"),
                row.getLong("blocks"),
                row.getLong("read"));
    }

    /** The plan that it had at that time; empty where it was not looked at before. */
    Optional<Slowdown.EarlierPlan> planBefore(String statement, Instant time, @Nullable String hash) {
        return database.queryFirst(
                PLAN_BEFORE,
                row -> new Slowdown.EarlierPlan(
                        row.getUUID("analysis_id").toString(),
                        row.getString("plan_hash").equals(hash)),
                statement,
                Instants.parameter(time));
    }

    private record Earlier(
            UUID id, Instant at, String plan, long calls, double millis, long callsNow, double millisNow) {}

    /** Null when it never had another plan, or too little is known of either. */
    @Nullable
    PlanHistory before(String statement, String planHash) {
        var found = database.queryFirst(
                OTHER_PLAN,
                row -> new Earlier(
                        row.getUUID("analysis_id"),
                        Instants.of(row, "analyzed_at"),
                        row.getString("plan"),
                        row.getLong("earlier_calls"),
                        row.getDouble("earlier_ms"),
                        row.getLong("calls"),
                        row.getDouble("ms")),
                statement,
                planHash);
        if (found.isEmpty() || found.get().calls() == 0 || found.get().callsNow() == 0) {
            return null;
        }
        return history(found.get());
    }

    private static @Nullable PlanHistory history(Earlier earlier) {
        try {
            return new PlanHistory(
                    PlanReader.read(earlier.plan()).getFirst(),
                    earlier.id().toString(),
                    earlier.at(),
                    earlier.calls(),
                    earlier.millis() / earlier.calls(),
                    earlier.callsNow(),
                    earlier.millisNow() / earlier.callsNow());
        } catch (MalformedPlanException notOurs) {
            return null;
        }
    }
}
