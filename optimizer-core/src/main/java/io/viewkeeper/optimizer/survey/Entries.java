// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.survey;

import io.vertx.sqlclient.Row;
import io.viewkeeper.schema.database.Database;
import io.viewkeeper.schema.statement.Counters;
import io.viewkeeper.schema.statement.Entry;
import io.viewkeeper.schema.statement.EntryKey;
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
        // A statement whose mean over any window is above the threshold has had an execution above it.
        String sql = """
        /* viewkeeper:statements */
        select r.*
        from (
          select
            e.*,
            pg_catalog.row_number() over (
              partition by e.max_exec_time >= $1
              order by e.total_exec_time desc, e.queryid
            ) as nth
          from %s as e
          where e.calls > 0
        ) as r
        where r.nth <= $2
        order by r.total_exec_time desc, r.queryid
        """.formatted(Entry.ofOthers(source.name(), source.tellsSince()));
        var entries = new LinkedHashMap<EntryKey, Counters>();
        database.query(sql, Entry::read, threshold.toNanos() / 1e6, limit + 1)
                .forEach(entry -> entries.put(entry.key(), entry.counters()));
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
        """.formatted(source.name());
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
}
