package io.viewkeeper.optimizer.survey;

import io.vertx.sqlclient.Row;
import io.viewkeeper.schema.database.Database;
import io.viewkeeper.schema.database.Instants;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The entries of pg_stat_statements that may be slow. Their texts are asked for only where they are not known yet: with texts,
 * the server reads its whole file of them.
 */
final class Entries {
    /** Texts that are remembered; past it all are forgotten, and asked for anew. */
    private static final int MOST_TEXTS = 2_000;

    private final Database database;
    private final Map<EntryKey, String> texts = new ConcurrentHashMap<>();

    Entries(Database database) {
        this.database = database;
    }

    /**
     * Those with the most total time first: of those that were slow once so many, and of the others, which may become slow or be
     * called so often that it does not matter.
     *
     * @return one more of either kind where there are more
     */
    Map<EntryKey, Counters> slowest(Survey.Source source, Duration threshold, int limit) {
        String since = source.tellsSince() ? "s.stats_since" : "null::timestamptz";
        // A statement whose mean over any window is above the threshold has had an execution above it.
        String sql = """
        /* viewkeeper:statements */
        select
          e.queryid,
          e.userid::bigint as userid,
          e.toplevel,
          e.calls,
          e.total_exec_time,
          e.mean_exec_time,
          e.stddev_exec_time,
          e.min_exec_time,
          e.max_exec_time,
          e.rows,
          e.shared_blks_hit,
          e.shared_blks_read,
          e.since
        from (
          select
            s.*,
            %2$s as since,
            pg_catalog.row_number() over (
              partition by s.max_exec_time >= $1
              order by s.total_exec_time desc, s.queryid
            ) as nth
          from %1$s(false) s
          where s.dbid = (select d.oid from pg_catalog.pg_database d where d.datname = pg_catalog.current_database())
            and s.queryid is not null
            and s.calls > 0
            and s.userid not in (
              select r.oid
              from pg_catalog.pg_roles r
              where r.rolname in (current_user, 'viewkeeper_refresher', 'viewkeeper_optimizer', 'viewkeeper_metrics')
            )
        ) as e
        where e.nth <= $2
        order by e.total_exec_time desc, e.queryid
        """.formatted(source.function(), since);
        var entries = new LinkedHashMap<EntryKey, Counters>();
        database.query(sql, row -> Map.entry(key(row), counters(row)), threshold.toNanos() / 1e6, limit + 1)
                .forEach(entry -> entries.put(entry.getKey(), entry.getValue()));
        return entries;
    }

    /** The texts of these; one that has left pg_stat_statements in between is missing. */
    Map<EntryKey, String> texts(Survey.Source source, Collection<EntryKey> keys) {
        Long[] unknown = keys.stream()
                .filter(key -> !texts.containsKey(key))
                .map(EntryKey::queryId)
                .distinct()
                .toArray(Long[]::new);
        if (unknown.length > 0) {
            if (texts.size() > MOST_TEXTS) {
                texts.clear();
            }
            String sql = """
        /* viewkeeper:statements */
        select s.queryid, s.userid::bigint as userid, s.toplevel, s.query
        from %1$s(true) s
        where s.dbid = (select d.oid from pg_catalog.pg_database d where d.datname = pg_catalog.current_database())
          and s.queryid = any ($1)
        """.formatted(source.function());
            database.query(sql, Entries::text, (Object) unknown)
                    .forEach(entry -> texts.put(entry.getKey(), entry.getValue()));
        }
        var found = new LinkedHashMap<EntryKey, String>();
        for (EntryKey key : keys) {
            String text = texts.get(key);
            if (text != null) {
                found.put(key, text);
            }
        }
        // One that is withheld today may be readable tomorrow.
        texts.values().removeIf(StatementKind.WITHHELD::equals);
        return found;
    }

    private static Map.Entry<EntryKey, String> text(Row row) {
        // Null where the server lost its file of texts.
        @Nullable String text = row.getString("query");
        return Map.entry(key(row), text == null ? StatementKind.WITHHELD : text);
    }

    private static EntryKey key(Row row) {
        return new EntryKey(row.getLong("queryid"), row.getLong("userid"), row.getBoolean("toplevel"));
    }

    private static Counters counters(Row row) {
        long calls = row.getLong("calls");
        return new Counters(
                calls,
                row.getDouble("total_exec_time"),
                Counters.squares(calls, row.getDouble("mean_exec_time"), row.getDouble("stddev_exec_time")),
                row.getDouble("min_exec_time"),
                row.getDouble("max_exec_time"),
                row.getLong("rows"),
                row.getLong("shared_blks_hit"),
                row.getLong("shared_blks_read"),
                Instants.orNull(row, "since"));
    }
}
