// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics.database;

import static java.util.stream.Collectors.toMap;

import io.vertx.sqlclient.Row;
import io.viewkeeper.metrics.database.Baseline.Last;
import io.viewkeeper.schema.database.Session;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads what the catalog and the statistics say of tables: functions that take an OID and lock nothing, so that a plain
 * REFRESH or an ALTER TABLE that holds its lock changes nothing. Size functions would wait for it.
 */
final class TableSource {
    /** Tables and indexes that were scanned: bounds the memory. */
    static final int MOST = 100_000;

    // As in pg_stat_user_tables, but each index for itself: the sum over a table's indexes falls when one is dropped.
    // What was never scanned is left out, and so is new, from zero, when it is scanned.
    private static final String SCANS = """
        /* viewkeeper:statistics */
        with kept as materialized (
          select
            c.oid,
            greatest(c.reltuples, pg_catalog.pg_stat_get_live_tuples(c.oid)) > 10000 as large
          from pg_catalog.pg_class c
          join pg_catalog.pg_namespace n on n.oid = c.relnamespace
          where c.relkind in ('r', 'm')
            and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast', 'viewkeeper', 'maintenance')
            and c.relname not in ('databasechangelog', 'databasechangeloglock')
            and not (n.nspname = 'analytics' and c.relname = 'view_refresh_log')
        ),
        scanned as (
          select k.oid, false as by_index, k.large, pg_catalog.pg_stat_get_numscans(k.oid) as scans
          from kept k
          union all
          select i.indexrelid, true, k.large, pg_catalog.pg_stat_get_numscans(i.indexrelid)
          from kept k
          join pg_catalog.pg_index i on i.indrelid = k.oid
        )
        select s.oid::bigint as oid, s.by_index, s.large, s.scans
        from scanned s
        where s.scans > 0
        order by s.oid
        limit $1
        """;

    // Refreshes tell it in their own transactions, see note_own_scans() in the migration.
    private static final String OWN = """
        /* viewkeeper:statistics */
        select
          o.key::bigint as oid,
          sum((o.value ->> 0)::bigint)::bigint as scans,
          sum((o.value ->> 1)::bigint)::bigint as unsure
        from viewkeeper.view_state s
        cross join lateral pg_catalog.jsonb_each(s.own_scans) as o
        group by o.key
        order by o.key
        limit $1
        """;

    private static final String SIZE = """
        /* viewkeeper:statistics */
        select
          %s,
          least(
            1,
            (select sum(c.relpages::double precision) from pg_catalog.pg_class c)
              * pg_catalog.current_setting('block_size')::double precision
              / pg_catalog.pg_size_bytes(pg_catalog.current_setting('effective_cache_size'))
          )::double precision as share_of_cache
        """.formatted(ServerMoment.COLUMNS);

    private TableSource() {}

    /**
     * @param own scans of our refreshes, by OID
     * @param complete false where there were more than are looked at
     */
    record Reading(
            ServerMoment moment,
            List<Relation> relations,
            Map<Long, Own> own,
            double shareOfEffectiveCache,
            boolean complete) {
        Map<Long, Long> scansByRelation() {
            var scans = new HashMap<Long, Long>();
            relations.forEach(relation -> scans.put(relation.oid(), relation.scans()));
            return scans;
        }
    }

    /**
     * A table, or an index.
     *
     * @param large whether the table has more than 10,000 rows
     */
    record Relation(long oid, boolean isIndex, boolean large, long scans) {}

    /**
     * What our refreshes scanned of a table or an index.
     *
     * @param unsure how many scans more they may have made, in parallel or in vain
     */
    record Own(long scans, long unsure) {
        static final Own NONE = new Own(0, 0);
        /** In place of an OID: of whatever they scanned. */
        static final long OF_UNKNOWN = 0;

        static @Nullable Own rise(@Nullable Own before, Own now, Last last) {
            if (before == null) {
                return last.complete() ? now : null;
            }
            return new Own(Math.max(0, now.scans - before.scans), Math.max(0, now.unsure - before.unsure));
        }
    }

    private record Size(ServerMoment moment, double shareOfCache) {}

    static Reading read(Session session) {
        var size = session.queryOne(SIZE, row -> new Size(ServerMoment.of(row), row.getDouble("share_of_cache")));
        var relations = session.query(SCANS, TableSource::relation, MOST);
        var own = session.query(OWN, TableSource::own, MOST);
        return new Reading(
                size.moment(),
                relations,
                own.stream().collect(toMap(Map.Entry::getKey, Map.Entry::getValue)),
                size.shareOfCache(),
                relations.size() < MOST && own.size() < MOST);
    }

    private static Map.Entry<Long, Own> own(Row row) {
        return Map.entry(row.getLong("oid"), new Own(row.getLong("scans"), row.getLong("unsure")));
    }

    private static Relation relation(Row row) {
        return new Relation(
                row.getLong("oid"), row.getBoolean("by_index"), row.getBoolean("large"), row.getLong("scans"));
    }
}
