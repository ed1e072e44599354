// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.change;

import io.viewkeeper.refresher.state.CatalogState;
import io.viewkeeper.refresher.state.CatalogState.Cause;
import io.viewkeeper.refresher.state.StateRows;
import io.viewkeeper.refresher.state.ViewStateAnnouncer;
import io.viewkeeper.refresher.view.ViewNames;
import io.viewkeeper.schema.database.Database;
import io.viewkeeper.schema.database.Session;
import io.viewkeeper.schema.event.ViewName;
import java.time.Instant;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * Notices that what made a view fail may be gone: once a view is suspended by its failures, any change of what its query names,
 * of its privileges or of its indexes makes it due at once. What is wrong with the data is not seen here; that is what the pauses
 * of a suspension are for.
 */
public final class Causes {
    private static final Logger LOG = Logger.getLogger(Causes.class);

    // Not the version of a relation's whole row: each refresh of an input writes that.
    private static final String MARK = """
        (
          with recursive named (classid, objid) as (
            select 'pg_catalog.pg_class'::regclass::oid, s.view_oid
            union
            select d.refclassid, d.refobjid
            from named
            join pg_catalog.pg_rewrite w on named.classid = 'pg_catalog.pg_class'::regclass and w.ev_class = named.objid
            join pg_catalog.pg_depend d on d.classid = 'pg_catalog.pg_rewrite'::regclass and d.objid = w.oid
          ),
          parts (part) as (
            select 'relation ' || (c.oid, c.relowner, c.relacl, c.relrowsecurity, c.relispopulated, c.relnatts)::text
            from named
            join pg_catalog.pg_class c on c.oid = named.objid
            where named.classid = 'pg_catalog.pg_class'::regclass
            union all
            select 'column ' || (a.attrelid, a.attnum, a.atttypid, a.attacl)::text
            from named
            join pg_catalog.pg_attribute a on a.attrelid = named.objid
            where named.classid = 'pg_catalog.pg_class'::regclass
            union all
            select 'rule ' || (w.oid, w.xmin)::text
            from named
            join pg_catalog.pg_rewrite w on w.ev_class = named.objid
            where named.classid = 'pg_catalog.pg_class'::regclass
            union all
            select 'policy ' || (p.oid, p.xmin)::text
            from named
            join pg_catalog.pg_policy p on p.polrelid = named.objid
            where named.classid = 'pg_catalog.pg_class'::regclass
            union all
            select 'index ' || (i.indexrelid, i.indisunique, i.indisvalid)::text
            from pg_catalog.pg_index i
            where i.indrelid = s.view_oid
            union all
            select 'function ' || (p.oid, p.xmin)::text
            from named
            join pg_catalog.pg_proc p on p.oid = named.objid
            where named.classid = 'pg_catalog.pg_proc'::regclass
            union all
            select 'schema ' || (n.oid, n.nspacl)::text
            from named
            join pg_catalog.pg_class c on c.oid = named.objid
            join pg_catalog.pg_namespace n on n.oid = c.relnamespace
            where named.classid = 'pg_catalog.pg_class'::regclass
            union all
            select 'server ' || (f.oid, f.xmin)::text
            from named
            join pg_catalog.pg_foreign_table t on t.ftrelid = named.objid
            join pg_catalog.pg_foreign_server f on f.oid = t.ftserver
            where named.classid = 'pg_catalog.pg_class'::regclass
          )
          select pg_catalog.md5(pg_catalog.string_agg(part, e'\n' order by part)) from parts
        )
        """;

    private static final String OF_ONE = "/* viewkeeper:causes */\nselect\n" + MARK + """
          as mark
        from viewkeeper.view_state s
        where s.view_schema = $1
          and s.view_name = $2
        """;

    private static final String GONE = """
        /* viewkeeper:causes */
        with gone as (
          select s.view_schema, s.view_name, m.mark, case when s.consistent then s.view_group end as whole_group
          from viewkeeper.view_state s
          cross join lateral (
            select
        """ + MARK + """
              as mark
          ) m
          where s.cause_mark is not null
            and s.suspended_at is not null
            and s.suspended_by is null
            and s.dropped_at is null
            and s.refusal is null
            and s.view_group is not null
            and s.cause_mark is distinct from m.mark
        )
        -- A consistent group waits for every member that is suspended.
        select
          s.view_schema,
          s.view_name,
          coalesce(
            max(gone.mark) filter (where (gone.view_schema, gone.view_name) = (s.view_schema, s.view_name)),
            s.cause_mark
          ) as mark
        from viewkeeper.view_state s
        join gone on (gone.view_schema, gone.view_name) = (s.view_schema, s.view_name)
          or gone.whole_group = s.view_group and s.suspended_at is not null and s.suspended_by is null
        where s.dropped_at is null
          and s.refusal is null
        group by s.view_schema, s.view_name, s.cause_mark
        """;

    // In the order in which all lock such rows.
    private static final String LOCK = """
        /* viewkeeper:causes */
        select
        from viewkeeper.view_state s
        where s.cause_mark is not null
          and s.dropped_at is null
        order by s.view_schema collate "C", s.view_name collate "C"
        for no key update
        """;

    private Causes() {}

    /** How all that stands which a view's failures may come from; in the transaction that suspends it. */
    public static void remember(Session session, ViewName view) {
        CatalogState.rememberCause(
                session,
                session.queryOne(OF_ONE, row -> new Cause(view, row.getString("mark")), view.schema(), view.name()));
    }

    /** Suspended views of which something has changed are due now. */
    public static void look(Database database, Instant now) {
        List<ViewName> due = StateRows.briefly(database, session -> {
            if (session.query(LOCK, row -> row).isEmpty()) {
                return List.of();
            }
            List<Cause> gone = session.query(GONE, row -> new Cause(ViewNames.of(row), row.getString("mark")));
            CatalogState.retry(session, gone, now);
            List<ViewName> views = gone.stream().map(Cause::view).toList();
            ViewStateAnnouncer.announce(session, views);
            return views;
        });
        due.forEach(view -> LOG.infof(
                "view=%s state=due reason=\"it is suspended by its failures, and something that its query names has changed\"",
                view));
    }
}
