// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.change;

import io.vertx.sqlclient.Row;
import io.viewkeeper.schema.database.Database;
import io.viewkeeper.schema.database.Instants;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A moment at which we looked at the views: what a transaction read that had no number by then is no older.
 *
 * @param server stands for the run of the server, by whose count of transactions the numbers are
 * @param nextXid no transaction had this number yet
 * @param ages how old the views were that feed views which nobody keeps, by oid; those of unknown age are left out
 * @param locked oids of relations that somebody has locked, or waits for, as REFRESH does, which takes its snapshot before it waits
 *     and its number afterwards
 */
record Look(String server, Instant at, long nextXid, Map<Long, Instant> ages, Set<Long> locked) {
    private static final String AGES = """
        /* viewkeeper:look */
        select i.view_oid::bigint as oid, i.data_as_of
        from viewkeeper.view_state i
        where i.dropped_at is null
          and i.data_as_of is not null
          and exists (
            select
            from viewkeeper.view_state u
            where i.view_oid = any (u.input_oids)
              and u.dropped_at is null
              and (u.view_group is null or u.refusal is not null or u.suspended_at is not null)
          )
        """;

    // The clock first: from its snapshot to its place in this list a REFRESH takes no time to speak of.
    private static final String LOCKED = """
        /* viewkeeper:look */
        select
          pg_catalog.clock_timestamp() as moment,
          pg_catalog.pg_postmaster_start_time()::text as server,
          array(
            select distinct l.relation::bigint
            from pg_catalog.pg_locks l
            join pg_catalog.pg_database d on d.oid = l.database and d.datname = pg_catalog.current_database()
            where l.locktype = 'relation'
              and l.mode in ('ExclusiveLock', 'AccessExclusiveLock')
          ) as locked
        """;

    private static final String NEXT_XID = """
        /* viewkeeper:look */
        select pg_catalog.pg_snapshot_xmax(pg_catalog.pg_current_snapshot())::text::bigint as next_xid
        """;

    Look {
        ages = Map.copyOf(ages);
        locked = Set.copyOf(locked);
    }

    /** In this order: a REFRESH that is gone from the locks has its number, and what it read of the inputs was no older. */
    static Look now(Database database) {
        var ages = new HashMap<Long, Instant>();
        database.query(AGES, row -> ages.put(row.getLong("oid"), Instants.of(row, "data_as_of")));
        Row locks = database.queryOne(LOCKED, row -> row);
        return new Look(
                locks.getString("server"),
                Instants.of(locks, "moment"),
                database.queryOne(NEXT_XID, row -> row.getLong("next_xid")),
                ages,
                Set.of(locks.getArrayOfLongs("locked")));
    }

    /** Whether what that transaction filled the view with is no older; its number has 32 bits, of which any two are at most 2^31 apart. */
    boolean isBefore(int xid, long view) {
        return xid - (int) nextXid >= 0 && !locked.contains(view);
    }

    /** How old what a transaction read of these views is at most; empty where that of one is unknown. */
    Optional<Instant> ageOf(List<Long> inputs) {
        @Nullable Instant oldest = at;
        for (Long input : inputs) {
            Instant its = ages.get(input);
            if (its == null) {
                return Optional.empty();
            }
            oldest = its.isBefore(oldest) ? its : oldest;
        }
        return Optional.of(oldest);
    }
}
