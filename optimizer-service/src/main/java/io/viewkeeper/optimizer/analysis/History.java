package io.viewkeeper.optimizer.analysis;

import io.viewkeeper.optimizer.finding.PlanHistory;
import io.viewkeeper.optimizer.plan.MalformedPlanException;
import io.viewkeeper.optimizer.plan.PlanReader;
import io.viewkeeper.schema.database.Database;
import io.viewkeeper.schema.database.Instants;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
              and e.outcome = 'executed'
              and e.requested_by is null
          ) as executed
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
     */
    record Known(UUID analysisId, Instant analyzedAt, List<String> relations, boolean first, boolean executed) {}

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
                                        row.getBoolean("executed"))),
                        (Object) statements.toArray(String[]::new))
                .forEach(entry -> known.put(entry.getKey(), entry.getValue()));
        return known;
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
