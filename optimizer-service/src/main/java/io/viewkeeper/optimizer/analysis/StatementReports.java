// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.analysis;

import io.vertx.sqlclient.Row;
import io.viewkeeper.optimizer.finding.Severity;
import io.viewkeeper.optimizer.statement.Load;
import io.viewkeeper.schema.database.Database;
import io.viewkeeper.schema.database.Instants;
import io.viewkeeper.schema.event.ViewName;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What is known of statements, for readers: numbers, newest analyses, findings. */
@Singleton
public class StatementReports {
    /**
     * Of a statement {@code s}: its newest analysis; or, where that is a plan that was not executed, the last execution of the same
     * plan while the statistics were about the same, which its cost tells. What was measured is not hidden by what was left out.
     */
    private static final String STANDING = """
          select coalesce(
            (
              select e.analysis_id
              from viewkeeper.query_analysis n
              join viewkeeper.query_analysis e on e.statement_id = n.statement_id and e.plan_hash = n.plan_hash
              where n.analysis_id = s.analysis_id
                and n.outcome = 'planned'
                and e.outcome = 'executed'
                and e.requested_by is null
                and e.total_cost between n.total_cost / 1.2 and n.total_cost * 1.2
              order by e.analyzed_at desc
              limit 1
            ),
            s.analysis_id)
        """;

    private static final String COLUMNS = """
        /* viewkeeper:report */
        select
          s.statement_id, s.text, s.kind, s.slow, s.first_seen_at, s.last_seen_at, s.relations,
          w.from_at, w.until_at, w.calls, w.total_ms, w.mean_ms, w.stddev_ms, w.p95_ms, w.p95_method, w.p95_confidence, w.rows,
          w.hit, w.read, w.plan_hash as window_plan_hash,
          load.*,
          a.analysis_id, a.analyzed_at, a.outcome, a.reason, a.plan_hash, a.total_cost, a.execution_ms, a.values_from,
          (select pg_catalog.count(*) from viewkeeper.query_finding f where f.analysis_id = a.analysis_id) as findings
        from viewkeeper.statement s
        """ + Load.OF_STATEMENT + """
        left join lateral (
          select *
          from viewkeeper.statement_window w
          where w.statement_id = s.statement_id
          order by w.until_at desc
          limit 1
        ) w on true
        left join viewkeeper.query_analysis a on a.analysis_id = (
        """ + STANDING + """
        )
        """;

    private static final String LIST = COLUMNS + """
        where (s.slow or $1)
          and ($2::text[] is null or s.relations && $2)
        order by
          case $4
            when 'day' then load.load_ms / load.load_days
            when 'calls' then load.load_calls / load.load_days
            when 'mean' then w.mean_ms
            else w.total_ms
          end desc nulls last,
          w.total_ms desc nulls last,
          s.statement_id
        limit $3
        """;

    private static final String ONE = COLUMNS + """
        where s.statement_id = $1
        """;

    private static final String WINDOWS = """
        /* viewkeeper:report */
        select
          from_at, until_at, calls, total_ms, mean_ms, stddev_ms, p95_ms, p95_method, p95_confidence, rows, hit, read,
          plan_hash as window_plan_hash
        from viewkeeper.statement_window
        where statement_id = $1
        order by until_at desc
        limit $2
        """;

    private static final String ANALYSES = """
        /* viewkeeper:report */
        select
          a.analysis_id, a.analyzed_at, a.outcome, a.reason, a.plan_hash, a.total_cost, a.execution_ms, a.values_from,
          (select pg_catalog.count(*) from viewkeeper.query_finding f where f.analysis_id = a.analysis_id) as findings
        from viewkeeper.query_analysis a
        where a.statement_id = $1
        order by a.analyzed_at desc
        limit $2
        """;

    private static final String LOAD = """
        /* viewkeeper:report */
        select load.*
        from viewkeeper.statement s
        """ + Load.OF_STATEMENT + """
        where s.statement_id = $1
        """;

    /** What a finding costs of a day is its share of the statement's: of the time, or of the cost where nothing was executed, or all. */
    private static final String FINDINGS = """
        /* viewkeeper:report */
        select *
        from (
          select
            f.rule, f.severity, f.node_path, f.what, f.advice, f.impact_ms, f.evidence::text as evidence, f.ordinal,
            s.statement_id, s.text, s.relations, a.analysis_id, a.analyzed_at, a.outcome, a.values_from,
            load.*,
            load.load_ms / load.load_days * case
              when f.rule = 'plan-regression' then least(1, f.impact_ms / nullif((f.evidence ->> 'meanMillis')::double precision, 0))
              when a.execution_ms > 0 then least(1, f.impact_ms / a.execution_ms)
              else least(1, (f.evidence ->> 'costShare')::double precision)
            end as day_ms
          from viewkeeper.statement s
          join viewkeeper.query_analysis a on a.analysis_id = (
        """ + STANDING + """
          )
          join viewkeeper.query_finding f on f.analysis_id = a.analysis_id
        """ + Load.OF_STATEMENT + """
          where ($1::text[] is null or s.relations && $1)
        ) as found
        order by
          case $3 when 'day' then coalesce(day_ms, load_ms / load_days) else impact_ms end desc nulls last,
          impact_ms desc nulls last,
          statement_id,
          ordinal
        limit $2
        """;

    private final Database database;
    private final AnalysisParts parts;

    StatementReports(Database database, AnalysisParts parts) {
        this.database = database;
        this.parts = parts;
    }

    /**
     * What a statement did between two looks.
     *
     * @param from null: since the server began to count
     */
    public record Window(
            @Nullable Instant from,
            Instant until,
            long calls,
            double totalMillis,
            double meanMillis,
            double stddevMillis,
            @Nullable Double p95Millis,
            @Nullable String p95Method,
            @Nullable String p95Confidence,
            long rows,
            long sharedBlocksHit,
            long sharedBlocksRead,
            @Nullable String planHash) {}

    /**
     * An analysis in short.
     *
     * @param reason null with a plan
     * @param valuesFrom where its parameters' values are from, and of what kind they are; null without a plan
     */
    public record AnalysisSummary(
            UUID analysisId,
            Instant analyzedAt,
            String outcome,
            @Nullable String reason,
            @Nullable String planHash,
            @Nullable Double totalCost,
            @Nullable Double executionMillis,
            @Nullable String valuesFrom,
            long findings) {}

    /**
     * A statement.
     *
     * @param relations it reads, as schema.name
     * @param load of the last day
     */
    public record Statement(
            String statementId,
            String text,
            String kind,
            boolean slow,
            Instant firstSeenAt,
            Instant lastSeenAt,
            List<String> relations,
            Load load,
            @Nullable Window window,
            @Nullable AnalysisSummary analysis) {}

    /**
     * A finding, and whose it is.
     *
     * @param outcome of the analysis: planned, executed
     * @param load of the statement, in the last day
     * @param millisPerDay what it costs of a day, at most; null where its share of the statement's time is not known
     */
    public record FindingOfStatement(
            String statementId,
            String text,
            List<String> relations,
            UUID analysisId,
            Instant analyzedAt,
            String outcome,
            @Nullable String valuesFrom,
            String rule,
            Severity severity,
            @Nullable String nodePath,
            String what,
            String advice,
            @Nullable Double impactMillis,
            @Nullable Double millisPerDay,
            Load load,
            Map<String, Object> evidence) {}

    /** What comes first. */
    public enum Order {
        /** What a day of it costs: calls by time. */
        DAY,
        CALLS,
        MEAN,
        /** What it took between the last two looks. */
        WINDOW,
        /** What a finding costs of one execution. */
        EXECUTION;

        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** @param all also those that are not slow */
    public List<Statement> statements(Optional<ViewName> view, boolean all, int limit, Order order) {
        return database.query(LIST, StatementReports::statement, all, targets(view), limit, order.wireName());
    }

    /** Of the last day; empty where the statement is not followed. */
    public Optional<Load> load(String statement) {
        return database.queryFirst(LOAD, Load::read, statement);
    }

    public Optional<Statement> statement(String id) {
        return database.queryFirst(ONE, StatementReports::statement, id);
    }

    /** Newest first. */
    public List<Window> windows(String statement, int limit) {
        return database.query(WINDOWS, StatementReports::window, statement, limit);
    }

    /** Newest first. */
    public List<AnalysisSummary> analyses(String statement, int limit) {
        return database.query(ANALYSES, StatementReports::summary, statement, limit);
    }

    /** Of the newest analyses. */
    public List<FindingOfStatement> findings(Optional<ViewName> view, int limit, Order order) {
        return database.query(FINDINGS, StatementReports::finding, targets(view), limit, order.wireName());
    }

    /** The view and what it reads; null for everything. */
    private String @Nullable [] targets(Optional<ViewName> view) {
        return view.map(name -> {
                    Set<String> targets = parts.viewReads().withBaseRelations(List.of(name));
                    return targets.toArray(String[]::new);
                })
                .orElse(null);
    }

    private static Statement statement(Row row) {
        return new Statement(
                row.getString("statement_id"),
                row.getString("text"),
                row.getString("kind"),
                row.getBoolean("slow"),
                Instants.of(row, "first_seen_at"),
                Instants.of(row, "last_seen_at"),
                Analyses.texts(row, "relations"),
                Load.read(row),
                row.getValue("until_at") == null ? null : window(row),
                row.getValue("analysis_id") == null ? null : summary(row));
    }

    private static Window window(Row row) {
        return new Window(
                Instants.orNull(row, "from_at"),
                Instants.of(row, "until_at"),
                row.getLong("calls"),
                row.getDouble("total_ms"),
                row.getDouble("mean_ms"),
                row.getDouble("stddev_ms"),
                row.getDouble("p95_ms"),
                row.getString("p95_method"),
                row.getString("p95_confidence"),
                row.getLong("rows"),
                row.getLong("hit"),
                row.getLong("read"),
                row.getString("window_plan_hash"));
    }

    private static AnalysisSummary summary(Row row) {
        return new AnalysisSummary(
                row.getUUID("analysis_id"),
                Instants.of(row, "analyzed_at"),
                row.getString("outcome"),
                row.getString("reason"),
                row.getString("plan_hash"),
                row.getDouble("total_cost"),
                row.getDouble("execution_ms"),
                row.getString("values_from"),
                row.getLong("findings"));
    }

    private static FindingOfStatement finding(Row row) {
        return new FindingOfStatement(
                row.getString("statement_id"),
                row.getString("text"),
                Analyses.texts(row, "relations"),
                row.getUUID("analysis_id"),
                Instants.of(row, "analyzed_at"),
                row.getString("outcome"),
                row.getString("values_from"),
                row.getString("rule"),
                Severity.valueOf(row.getString("severity").toUpperCase(Locale.ROOT)),
                row.getString("node_path"),
                row.getString("what"),
                row.getString("advice"),
                row.getDouble("impact_ms"),
                row.getDouble("day_ms"),
                Load.read(row),
                Analyses.evidence(row.getString("evidence")));
    }
}
