package io.viewkeeper.refresher.refresh;

import io.vertx.sqlclient.Row;
import io.viewkeeper.schema.database.Instants;
import io.viewkeeper.schema.database.Session;
import io.viewkeeper.schema.event.ViewName;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The materialized views that a view reads, through plain views and through all levels, as they stand before its snapshot is
 * taken: what the refresh reads of them is no older.
 */
final class Inputs {

    // From the catalog rather than from the register, which knows what was read at the last search.
    private static final String ALL = """
        /* viewkeeper:inputs */
        with recursive reads (oid, kind, direct) as (
          select r.oid, r.relkind, true
          from pg_catalog.pg_rewrite w
          join pg_catalog.pg_depend d
            on d.classid = 'pg_catalog.pg_rewrite'::regclass
            and d.objid = w.oid
            and d.refclassid = 'pg_catalog.pg_class'::regclass
            and d.refobjid <> w.ev_class
          join pg_catalog.pg_class r on r.oid = d.refobjid and r.relkind in ('m', 'v')
          where w.ev_class = $1::bigint::oid
          union
          select r.oid, r.relkind, reads.direct and reads.kind = 'v'
          from reads
          join pg_catalog.pg_rewrite w on w.ev_class = reads.oid
          join pg_catalog.pg_depend d
            on d.classid = 'pg_catalog.pg_rewrite'::regclass
            and d.objid = w.oid
            and d.refclassid = 'pg_catalog.pg_class'::regclass
            and d.refobjid <> w.ev_class
          join pg_catalog.pg_class r on r.oid = d.refobjid and r.relkind in ('m', 'v')
        ),
        inputs as (
          select oid, pg_catalog.bool_or(direct) as direct
          from reads
          where kind = 'm'
            and oid <> $1::bigint::oid
          group by oid
        )
        select
          i.oid::bigint as oid,
          n.nspname as view_schema,
          c.relname as view_name,
          i.direct,
          s.data_as_of,
          s.data_as_of is null
            or s.view_group is not null
            and (
              s.last_status is distinct from 'completed'
              or s.refusal is not null
              or s.suspended_at is not null
              or coalesce(
                s.data_as_of + s.freshness_target_ms * interval '1 millisecond' < pg_catalog.clock_timestamp(), true)
            ) as stale
        from inputs i
        join pg_catalog.pg_class c on c.oid = i.oid
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        left join viewkeeper.view_state s on s.view_oid = i.oid and s.dropped_at is null
        order by n.nspname, c.relname
        """;

    private record Input(
            long oid,
            ViewName view,
            boolean direct,
            @Nullable Instant dataAsOf,
            boolean stale) {
        static Input read(Row row) {
            return new Input(
                    row.getLong("oid"),
                    ViewNames.of(row),
                    row.getBoolean("direct"),
                    Instants.orNull(row, "data_as_of"),
                    row.getBoolean("stale"));
        }
    }

    private final List<Input> inputs;

    private Inputs(List<Input> inputs) {
        this.inputs = inputs;
    }

    static Inputs of(Session session, long viewOid) {
        return new Inputs(session.query(ALL, Input::read, viewOid));
    }

    /**
     * How old the data of a refresh is whose snapshot is taken after that moment.
     *
     * @param refreshedHere ages of the views that the same transaction has refreshed, by oid
     */
    Age age(Instant readAt, Map<Long, Age> refreshedHere) {
        @Nullable Instant dataAsOf = readAt;
        @Nullable ViewName oldest = null;
        for (Input input : inputs) {
            if (!input.direct() || dataAsOf == null) {
                continue;
            }
            Age here = refreshedHere.get(input.oid());
            Instant its = here == null ? input.dataAsOf() : here.dataAsOf();
            if (its == null || its.isBefore(dataAsOf)) {
                dataAsOf = its;
                oldest = input.view();
            }
        }
        List<ViewName> stale = inputs.stream()
                .filter(input -> input.stale() && !refreshedHere.containsKey(input.oid()))
                .map(Input::view)
                .toList();
        return new Age(readAt, dataAsOf, oldest, stale);
    }
}
