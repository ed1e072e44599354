package io.viewkeeper.metrics.database;

import io.vertx.sqlclient.Row;
import io.viewkeeper.schema.database.Session;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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

    /** @param complete false where there were more than are looked at */
    record Reading(ServerMoment moment, List<Relation> relations, double shareOfEffectiveCache, boolean complete) {
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

    private record Size(ServerMoment moment, double shareOfCache) {}

    static Reading read(Session session) {
        var size = session.queryOne(SIZE, row -> new Size(ServerMoment.of(row), row.getDouble("share_of_cache")));
        var relations = session.query(SCANS, TableSource::relation, MOST);
        return new Reading(size.moment(), relations, size.shareOfCache(), relations.size() < MOST);
    }

    private static Relation relation(Row row) {
        return new Relation(
                row.getLong("oid"), row.getBoolean("by_index"), row.getBoolean("large"), row.getLong("scans"));
    }
}
