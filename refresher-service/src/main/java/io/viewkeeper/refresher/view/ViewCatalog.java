// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.view;

import io.vertx.sqlclient.Row;
import io.viewkeeper.schema.database.Database;
import io.viewkeeper.schema.database.Session;
import io.viewkeeper.schema.event.ViewName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/** Reads the materialized views of the database from pg_catalog. */
public final class ViewCatalog {
    private static final Logger LOG = Logger.getLogger(ViewCatalog.class);

    // A usable index is what RefreshMatView requires (matview.c, is_usable_unique_index): unique, valid, immediate, no
    // predicate, plain columns only. MAINTAIN exists from version 17 and would be an error to ask for before.
    private static final String VIEW_COLUMNS = """
        select
          n.nspname,
          c.relname,
          c.oid::bigint,
          c.relispopulated,
          exists (
            select
            from pg_catalog.pg_index i
            where i.indrelid = c.oid
              and i.indisunique
              and i.indisvalid
              and i.indimmediate
              and i.indpred is null
              and i.indnatts > 0
              and not (0 = any (i.indkey::int2[]))
          ) as concurrent_capable,
          pg_catalog.pg_has_role(c.relowner, 'usage')
            or case
              when pg_catalog.current_setting('server_version_num')::integer >= 170000
              then pg_catalog.has_table_privilege(c.oid, 'maintain')
              else false
            end as refreshable,
          pg_catalog.pg_get_userbyid(c.relowner) as owner
        from pg_catalog.pg_class c
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        where c.relkind = 'm'
        """;

    // A database that checks no encodings may hold names that are no text: the server sends none of them to a client
    // that wants UTF-8, and fails the whole answer. Its characters are bytes, so that a pattern can tell.
    private static final String IS_TEXT = """
        (
          pg_catalog.getdatabaseencoding() <> 'SQL_ASCII'
          or n.nspname || '.' || c.relname ~ (
            '^([\\x01-\\x7f]|[\\xc2-\\xdf][\\x80-\\xbf]|\\xe0[\\xa0-\\xbf][\\x80-\\xbf]|[\\xe1-\\xec\\xee\\xef][\\x80-\\xbf]{2}'
            || '|\\xed[\\x80-\\x9f][\\x80-\\xbf]|\\xf0[\\x90-\\xbf][\\x80-\\xbf]{2}|[\\xf1-\\xf3][\\x80-\\xbf]{3}'
            || '|\\xf4[\\x80-\\x8f][\\x80-\\xbf]{2})*$')
        )
        """;

    private static final String UNNAMEABLE = """
        /* viewkeeper:view-catalog */
        select
          c.oid::bigint as oid,
          pg_catalog.encode(pg_catalog.convert_to(n.nspname || '.' || c.relname, 'SQL_ASCII'), 'escape') as name
        from pg_catalog.pg_class c
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        where c.relkind = 'm'
          and not
        """ + IS_TEXT;

    private static final String ALL_VIEWS =
            "/* viewkeeper:view-catalog */\n" + VIEW_COLUMNS + "and " + IS_TEXT + "order by n.nspname, c.relname\n";

    private static final String ONE_VIEW =
            "/* viewkeeper:view-catalog */\n" + VIEW_COLUMNS + "  and n.nspname = $1\n  and c.relname = $2\n";

    // A query's relations are the dependencies of its rewrite rule; plain views between two materialized ones are
    // looked through. Below 16384 are the server's own views, which read none of ours.
    private static final String INPUTS = """
        /* viewkeeper:view-catalog */
        with recursive reads as (
          select distinct w.ev_class as reader, r.oid as input, r.relkind as kind
          from pg_catalog.pg_rewrite w
          join pg_catalog.pg_class v on v.oid = w.ev_class and v.relkind in ('m', 'v') and v.oid >= 16384
          join pg_catalog.pg_depend d
            on d.classid = 'pg_catalog.pg_rewrite'::regclass
            and d.objid = w.oid
            and d.refclassid = 'pg_catalog.pg_class'::regclass
            and d.refobjid <> w.ev_class
            and d.refobjid >= 16384
          join pg_catalog.pg_class r on r.oid = d.refobjid and r.relkind in ('m', 'v')
        ),
        inputs as (
          select m.oid as view, reads.input, reads.kind
          from pg_catalog.pg_class m
          join reads on reads.reader = m.oid
          where m.relkind = 'm'
          union
          select i.view, reads.input, reads.kind
          from inputs i
          join reads on reads.reader = i.input
          where i.kind = 'v'
        )
        select view::bigint as view, pg_catalog.array_agg(input::bigint order by input) as inputs
        from inputs
        where kind = 'm'
        group by view
        """;

    private final Database database;
    private final Set<Long> unnameable = ConcurrentHashMap.newKeySet();

    public ViewCatalog(Database database) {
        this.database = database;
    }

    /** Every materialized view of the database, by name; those whose name is no text are left out, which is said once. */
    public List<MaterializedView> all() {
        database.query(UNNAMEABLE, row -> Map.entry(row.getLong("oid"), row.getString("name"))).stream()
                .filter(view -> unnameable.add(view.getKey()))
                .forEach(view -> LOG.warnf(
                        "oid=%d state=ignored reason=\"the name %s is not UTF-8; rename the view\"",
                        view.getKey(), view.getValue()));
        return database.query(ALL_VIEWS, ViewCatalog::read);
    }

    /**
     * Of each view that reads materialized views, directly or through plain views: their oids, in order. Its own is among them where
     * a plain view that it reads was replaced by one that reads it.
     */
    public Map<Long, List<Long>> inputs() {
        return database
                .query(INPUTS, row -> Map.entry(row.getLong("view"), List.of(row.getArrayOfLongs("inputs"))))
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** The view as this session's transaction sees it now. */
    public static Optional<MaterializedView> find(Session session, ViewName name) {
        return session.queryFirst(ONE_VIEW, ViewCatalog::read, name.schema(), name.name());
    }

    private static MaterializedView read(Row row) {
        return new MaterializedView(
                new ViewName(row.getString("nspname"), row.getString("relname")),
                row.getLong("oid"),
                row.getBoolean("relispopulated"),
                row.getBoolean("concurrent_capable"),
                row.getBoolean("refreshable"),
                row.getString("owner"));
    }
}
