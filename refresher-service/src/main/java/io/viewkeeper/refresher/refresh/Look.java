package io.viewkeeper.refresher.refresh;

import io.viewkeeper.schema.database.Database;
import io.viewkeeper.schema.database.Instants;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A moment at which we looked at the views: whatever a transaction read that had not begun by then was no older.
 *
 * @param nextXid no transaction had this number yet
 * @param ages how old the views were that feed views which nobody keeps, by oid; those of unknown age are left out
 */
record Look(Instant at, long nextXid, Map<Long, Instant> ages) {
    private static final String MOMENT = """
        /* viewkeeper:look */
        select
          pg_catalog.clock_timestamp() as moment,
          pg_catalog.pg_snapshot_xmax(pg_catalog.pg_current_snapshot())::text::bigint as next_xid
        """;

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

    Look {
        ages = Map.copyOf(ages);
    }

    static Look now(Database database) {
        var ages = new HashMap<Long, Instant>();
        database.query(AGES, row -> ages.put(row.getLong("oid"), Instants.of(row, "data_as_of")));
        return database.queryOne(MOMENT, row -> new Look(Instants.of(row, "moment"), row.getLong("next_xid"), ages));
    }

    /** Whether that transaction had not begun; its number has 32 bits, of which any two are at most 2^31 apart. */
    boolean isBefore(int xid) {
        return xid - (int) nextXid >= 0;
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
