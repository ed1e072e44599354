package io.viewkeeper.metrics.database;

import io.vertx.sqlclient.Row;
import io.viewkeeper.metrics.database.StatementReading.Counted;
import io.viewkeeper.metrics.database.StatementReading.Unavailable;
import io.viewkeeper.metrics.database.StatementTotals.Extremes;
import io.viewkeeper.schema.database.DatabaseException;
import io.viewkeeper.schema.database.Instants;
import io.viewkeeper.schema.database.Session;
import io.viewkeeper.schema.event.ViewName;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads pg_stat_statements, wherever it is installed, without texts: with them the server would read its whole file of
 * them each time.
 */
final class StatementSource {
    /** Entries that are looked at, which bounds the memory: more than the server keeps unless pg_stat_statements.max was raised. */
    static final int MOST = 50_000;

    private static final String SURVEY = """
        /* viewkeeper:statistics */
        select
          %s,
          current_user::text as who,
          pg_catalog.pg_has_role(current_user, 'pg_read_all_stats', 'usage') as sees_all,
          (
            select n.nspname
            from pg_catalog.pg_extension e
            join pg_catalog.pg_namespace n on n.oid = e.extnamespace
            where e.extname = 'pg_stat_statements'
          ) as extension_schema,
          exists (
            select
            from pg_catalog.pg_extension e
            join pg_catalog.pg_proc p on p.pronamespace = e.extnamespace and p.proname = 'pg_stat_statements'
            where e.extname = 'pg_stat_statements'
              and 'stats_since' = any (p.proargnames)
          ) as tells_since
        """.formatted(ServerMoment.COLUMNS);

    private static final String NOT_INSTALLED =
            "pg_stat_statements is not installed in this database: put it into shared_preload_libraries, restart, and run"
                    + " create extension pg_stat_statements";

    private record Survey(
            ServerMoment moment,
            String who,
            boolean seesAll,
            @Nullable String extensionSchema,
            boolean tellsSince) {}

    private StatementSource() {}

    static StatementReading read(Session session) {
        var survey = session.queryOne(SURVEY, StatementSource::survey);
        if (survey.extensionSchema() == null) {
            return new Unavailable(NOT_INSTALLED);
        }
        if (!survey.seesAll()) {
            return seesNotAll(survey);
        }
        try {
            var counted = counted(session, survey, survey.extensionSchema());
            // Asked again: what was withheld in between would seem to be new the next time.
            return session.queryOne(SURVEY, StatementSource::survey).seesAll() ? counted : seesNotAll(survey);
        } catch (DatabaseException refused) {
            return unavailable(refused);
        }
    }

    /** The server then withholds the queryid of what others execute, so that it cannot be told apart. */
    private static StatementReading seesNotAll(Survey survey) {
        return new Unavailable("%1$s may not see what others execute: grant pg_monitor (or pg_read_all_stats) to %1$s"
                .formatted(survey.who()));
    }

    private static StatementReading counted(Session session, Survey survey, String schema) {
        String sql = """
        /* viewkeeper:statistics */
        select
          s.userid::bigint as userid,
          s.queryid,
          s.calls,
          s.total_exec_time,
          s.stddev_exec_time,
          s.min_exec_time,
          s.max_exec_time,
          s.shared_blks_hit,
          s.shared_blks_read,
          %2$s as since
        from %1$s(false) s
        where s.toplevel
          and s.dbid = (select d.oid from pg_catalog.pg_database d where d.datname = pg_catalog.current_database())
          and s.queryid is not null
          and s.userid not in (
            select r.oid
            from pg_catalog.pg_roles r
            where r.rolname in (current_user, 'viewkeeper_refresher', 'viewkeeper_optimizer', 'viewkeeper_metrics')
          )
        limit $1
        """.formatted(
                        new ViewName(schema, "pg_stat_statements").quoted(),
                        survey.tellsSince() ? "s.stats_since" : "null::timestamptz");
        var rows = session.query(sql, StatementSource::entry, MOST);
        Map<StatementKey, StatementTotals> totals = HashMap.newHashMap(rows.size());
        rows.forEach(row -> totals.put(row.getKey(), row.getValue()));
        return new Counted(survey.moment(), totals, rows.size() < MOST);
    }

    private static StatementReading unavailable(DatabaseException refused) {
        return switch (refused.sqlState().code()) {
            case "55000" ->
                new Unavailable("pg_stat_statements is installed but not loaded: put it into shared_preload_libraries,"
                        + " and restart");
            case "42501" ->
                new Unavailable(
                        "pg_stat_statements may not be read: grant pg_monitor, usage on its schema and execute on"
                                + " its functions to the role of the metrics service (" + refused.getMessage() + ")");
            // As it came with pg_upgrade from 13.
            case "42703" ->
                new Unavailable("pg_stat_statements is of an older version than the server: run alter extension"
                        + " pg_stat_statements update (" + refused.getMessage() + ")");
            // Dropped in between, or its functions are no longer those of the extension.
            case "42883", "3F000" ->
                new Unavailable("pg_stat_statements cannot be read: drop and create the extension ("
                        + refused.getMessage() + ")");
            default -> throw refused;
        };
    }

    private static Survey survey(Row row) {
        return new Survey(
                ServerMoment.of(row),
                row.getString("who"),
                row.getBoolean("sees_all"),
                row.getString("extension_schema"),
                row.getBoolean("tells_since"));
    }

    private static Map.Entry<StatementKey, StatementTotals> entry(Row row) {
        var times =
                StatementTotals.of(row.getLong(2), row.getDouble(3), row.getDouble(4), Instants.orNull(row, "since"));
        return Map.entry(
                new StatementKey(row.getLong(0), row.getLong(1)),
                times.with(
                        new Extremes(row.getDouble(5), row.getDouble(6)), new Blocks(row.getLong(7), row.getLong(8))));
    }
}
