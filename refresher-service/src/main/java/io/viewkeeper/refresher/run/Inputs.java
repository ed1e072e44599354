// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.run;

import io.vertx.sqlclient.Row;
import io.viewkeeper.refresher.view.ViewNames;
import io.viewkeeper.schema.database.Instants;
import io.viewkeeper.schema.database.Session;
import io.viewkeeper.schema.event.ViewName;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The materialized views that a view reads, through plain views and through all levels, as they stand before its snapshot is
 * taken: what the refresh reads of them is no older.
 */
final class Inputs {

    private static final String READS = """
        with recursive reads (reader, oid, kind, direct) as (
          select w.ev_class, r.oid, r.relkind, true
          from pg_catalog.pg_rewrite w
          join pg_catalog.pg_depend d
            on d.classid = 'pg_catalog.pg_rewrite'::regclass
            and d.objid = w.oid
            and d.refclassid = 'pg_catalog.pg_class'::regclass
            and d.refobjid <> w.ev_class
          join pg_catalog.pg_class r on r.oid = d.refobjid and r.relkind in ('m', 'v')
          where w.ev_class = $1::bigint::oid
          union
          select w.ev_class, r.oid, r.relkind, reads.direct and reads.kind = 'v'
          from reads
          join pg_catalog.pg_rewrite w on w.ev_class = reads.oid
          join pg_catalog.pg_depend d
            on d.classid = 'pg_catalog.pg_rewrite'::regclass
            and d.objid = w.oid
            and d.refclassid = 'pg_catalog.pg_class'::regclass
            and d.refobjid <> w.ev_class
          join pg_catalog.pg_class r on r.oid = d.refobjid and r.relkind in ('m', 'v')
        )
        """;

    // A snapshot of the whole transaction shows the old versions: currtid2 looks at what is committed by now.
    private static final String PLAIN_VIEWS = """
        select
          pg_catalog.string_agg(w.oid || '/' || w.xmin, ' ' order by w.oid) as versions,
          coalesce(pg_catalog.bool_or(pg_catalog.currtid2('pg_catalog.pg_rewrite', w.ctid) <> w.ctid), false) as replaced
        from pg_catalog.pg_rewrite w
        where w.ev_class in (select oid from reads where kind = 'v')
        """;

    private static final String VERSIONS = "/* viewkeeper:inputs */\n" + READS + PLAIN_VIEWS;

    // From the catalog rather than from the register, which knows what was read at the last search. One row at least.
    private static final String ALL = "/* viewkeeper:inputs */\n" + READS + """
        , plain as (
        """ + PLAIN_VIEWS + """
        ),
        reaches (oid) as (
          select $1::bigint::oid
          union
          select reads.reader
          from reaches
          join reads on reads.oid = reaches.oid
        ),
        inputs as (
          select oid, pg_catalog.bool_or(direct) as direct
          from reads
          where kind = 'm'
          group by oid
        )
        select
          p.versions,
          i.oid::bigint as oid,
          n.nspname as view_schema,
          c.relname as view_name,
          i.direct,
          i.oid = $1::bigint::oid as own,
          i.oid in (select oid from reaches) as circular,
          s.data_as_of,
          case
            when s.view_group is not null
            then pg_catalog.clock_timestamp() - s.freshness_target_ms * interval '1 millisecond'
          end as fresh_from,
          s.view_group is not null
            and (s.last_status is distinct from 'completed' or s.refusal is not null or s.suspended_at is not null) as fails
        from plain p
        left join inputs i on true
        left join pg_catalog.pg_class c on c.oid = i.oid
        left join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        left join viewkeeper.view_state s on s.view_oid = i.oid and s.dropped_at is null
        order by n.nspname, c.relname
        """;

    /**
     * One of them.
     *
     * @param own the view reads itself
     * @param circular it reads the view in turn
     * @param freshFrom what is older than this is older than the input's target; null where nobody keeps it
     * @param fails it is kept, and its last refresh failed, or none is tried
     */
    private record Input(
            long oid,
            ViewName view,
            boolean direct,
            boolean own,
            boolean circular,
            @Nullable Instant dataAsOf,
            @Nullable Instant freshFrom,
            boolean fails) {
        static Input read(Row row) {
            return new Input(
                    row.getLong("oid"),
                    ViewNames.of(row),
                    row.getBoolean("direct"),
                    row.getBoolean("own"),
                    row.getBoolean("circular"),
                    Instants.orNull(row, "data_as_of"),
                    Instants.orNull(row, "fresh_from"),
                    Boolean.TRUE.equals(row.getBoolean("fails")));
        }

        @Nullable
        Instant dataAsOf(@Nullable Age here) {
            return here == null ? dataAsOf : here.dataAsOf();
        }

        boolean isStale(@Nullable Age here) {
            Instant its = dataAsOf(here);
            return (fails && here == null) || its == null || (freshFrom != null && its.isBefore(freshFrom));
        }
    }

    private final List<Input> inputs;
    private final @Nullable String plainViews;

    private Inputs(List<Input> inputs, @Nullable String plainViews) {
        this.inputs = inputs;
        this.plainViews = plainViews;
    }

    static Inputs of(Session session, long viewOid) {
        List<Row> rows = session.query(ALL, row -> row, viewOid);
        return new Inputs(
                rows.stream()
                        .filter(row -> row.getLong("oid") != null)
                        .map(Input::read)
                        .toList(),
                rows.getFirst().getString("versions"));
    }

    /**
     * Whether the view reads what it read then. Asked after the refresh, which holds locks on all that it has read: before, it may
     * have waited for one of them and found another definition.
     */
    boolean areStillRead(Session session, long viewOid) {
        return plainViews == null
                || session.queryOne(
                        VERSIONS,
                        row -> plainViews.equals(row.getString("versions")) && !row.getBoolean("replaced"),
                        viewOid);
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
            Instant its = input.dataAsOf(refreshedHere.get(input.oid()));
            if (its == null || its.isBefore(dataAsOf)) {
                dataAsOf = its;
                oldest = input.view();
            }
        }
        List<ViewName> stale = inputs.stream()
                .filter(input -> !input.own() && input.isStale(refreshedHere.get(input.oid())))
                .map(Input::view)
                .toList();
        return new Age(readAt, dataAsOf, oldest, stale, circle());
    }

    private @Nullable String circle() {
        if (inputs.stream().noneMatch(Input::own)) {
            return null;
        }
        String others = inputs.stream()
                .filter(input -> input.circular() && !input.own())
                .map(input -> input.view().toString())
                .collect(Collectors.joining(", "));
        return others.isEmpty() ? "itself" : "itself through " + others;
    }
}
