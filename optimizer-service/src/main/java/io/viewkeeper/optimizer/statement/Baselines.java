// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.statement;

import io.vertx.sqlclient.Row;
import io.viewkeeper.schema.database.Instants;
import io.viewkeeper.schema.database.Session;
import io.viewkeeper.schema.statement.Blocks;
import io.viewkeeper.schema.statement.Counters;
import io.viewkeeper.schema.statement.EntryKey;
import io.viewkeeper.schema.statement.Extremes;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Counters as an earlier look saw them, {@code viewkeeper.statement_counter}. */
final class Baselines {
    private static final String OF = """
        /* viewkeeper:statements */
        select queryid, userid::bigint as userid, toplevel, statement_id, calls, total_ms, square_ms, rows, hit, read, since, seen_at
        from viewkeeper.statement_counter
        where queryid = any ($1)
        """;

    private static final String KEEP = """
        /* viewkeeper:statements */
        insert into viewkeeper.statement_counter (
          queryid, userid, toplevel, statement_id, calls, total_ms, square_ms, rows, hit, read, since, seen_at)
        select queryid, userid::oid, toplevel, statement_id, calls, total_ms, square_ms, rows, hit, read, since, $12
        from unnest(
          $1::bigint[], $2::bigint[], $3::boolean[], $4::text[], $5::bigint[], $6::double precision[], $7::double precision[],
          $8::bigint[], $9::bigint[], $10::bigint[], $11::timestamptz[]
        ) as c (queryid, userid, toplevel, statement_id, calls, total_ms, square_ms, rows, hit, read, since)
        on conflict (queryid, userid, toplevel) do update
        set
          statement_id = excluded.statement_id,
          calls = excluded.calls,
          total_ms = excluded.total_ms,
          square_ms = excluded.square_ms,
          rows = excluded.rows,
          hit = excluded.hit,
          read = excluded.read,
          since = excluded.since,
          seen_at = excluded.seen_at
        """;

    private Baselines() {}

    /** @param seenAt when the counters were so */
    record Baseline(String statementId, Counters counters, Instant seenAt) {}

    static Map<EntryKey, Baseline> of(Session session, Collection<EntryKey> keys) {
        Long[] ids = keys.stream().map(EntryKey::queryId).distinct().toArray(Long[]::new);
        var found = new HashMap<EntryKey, Baseline>();
        session.query(OF, Baselines::read, (Object) ids).forEach(entry -> found.put(entry.getKey(), entry.getValue()));
        return found;
    }

    /** All at once, as they are at one moment. */
    static void keep(Session session, List<Entry> entries, Instant now) {
        session.update(
                KEEP,
                array(entries, Long[]::new, entry -> entry.key().queryId()),
                array(entries, Long[]::new, entry -> entry.key().userId()),
                array(entries, Boolean[]::new, entry -> entry.key().topLevel()),
                array(entries, String[]::new, Entry::statementId),
                array(entries, Long[]::new, entry -> entry.counters().calls()),
                array(entries, Double[]::new, entry -> entry.counters().totalMillis()),
                array(entries, Double[]::new, entry -> entry.counters().squareMillis()),
                array(entries, Long[]::new, entry -> entry.counters().rows()),
                array(entries, Long[]::new, entry -> entry.counters().blocks().hit()),
                array(entries, Long[]::new, entry -> entry.counters().blocks().read()),
                array(
                        entries,
                        OffsetDateTime[]::new,
                        entry -> Instants.parameter(entry.counters().since())),
                Instants.parameter(now));
    }

    /** One entry of pg_stat_statements, and whose it is. */
    record Entry(EntryKey key, String statementId, Counters counters) {}

    static <E, V> @Nullable V[] array(List<E> rows, IntFunction<@Nullable V[]> empty, Function<E, @Nullable V> value) {
        return rows.stream().map(value).toArray(empty);
    }

    private static Map.Entry<EntryKey, Baseline> read(Row row) {
        var counters = new Counters(
                row.getLong("calls"),
                row.getDouble("total_ms"),
                row.getDouble("square_ms"),
                Extremes.UNKNOWN,
                row.getLong("rows"),
                new Blocks(row.getLong("hit"), row.getLong("read")),
                Instants.orNull(row, "since"));
        return Map.entry(
                new EntryKey(row.getLong("queryid"), row.getLong("userid"), row.getBoolean("toplevel")),
                new Baseline(row.getString("statement_id"), counters, Instants.of(row, "seen_at")));
    }
}
