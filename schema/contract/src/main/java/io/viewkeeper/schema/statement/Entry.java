// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.statement;

import io.vertx.sqlclient.Row;
import io.viewkeeper.schema.database.Instants;

/** An entry of pg_stat_statements. */
public record Entry(EntryKey key, Counters counters) {
    /**
     * The entries of this database whose queryid we see, without those of our own services' roles and without texts: with them the
     * server reads its whole file of them. To stand behind FROM, with a name of its own; its columns are what {@link #read} reads.
     *
     * @param name see {@link StatementAccess#name}
     */
    public static String ofOthers(String name, boolean tellsSince) {
        return """
            (
              select
                s.queryid,
                s.userid::bigint as userid,
                s.toplevel,
                s.calls,
                s.total_exec_time,
                s.stddev_exec_time,
                s.min_exec_time,
                s.max_exec_time,
                s.rows,
                s.shared_blks_hit,
                s.shared_blks_read,
                %2$s as since
              from %1$s(false) s
              where s.dbid = (select d.oid from pg_catalog.pg_database d where d.datname = pg_catalog.current_database())
                and s.queryid is not null
                and s.userid not in (
                  select r.oid
                  from pg_catalog.pg_roles r
                  where r.rolname in (current_user, 'viewkeeper_refresher', 'viewkeeper_optimizer', 'viewkeeper_metrics')
                )
            )""".formatted(name, tellsSince ? "s.stats_since" : "null::timestamptz");
    }

    public static Entry read(Row row) {
        var times = Counters.of(
                row.getLong("calls"),
                row.getDouble("total_exec_time"),
                row.getDouble("stddev_exec_time"),
                Instants.orNull(row, "since"));
        return new Entry(
                new EntryKey(row.getLong("queryid"), row.getLong("userid"), row.getBoolean("toplevel")),
                times.with(
                        new Extremes(row.getDouble("min_exec_time"), row.getDouble("max_exec_time")),
                        row.getLong("rows"),
                        new Blocks(row.getLong("shared_blks_hit"), row.getLong("shared_blks_read"))));
    }
}
