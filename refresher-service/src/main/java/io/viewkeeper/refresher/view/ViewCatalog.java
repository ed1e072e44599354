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

    private static final String ALL_VIEWS =
            "/* viewkeeper:view-catalog */\n" + VIEW_COLUMNS + "order by n.nspname, c.relname\n";

    private static final String ONE_VIEW =
            "/* viewkeeper:view-catalog */\n" + VIEW_COLUMNS + "  and n.nspname = $1\n  and c.relname = $2\n";

    // A query's relations are the dependencies of its rewrite rule; plain views between two materialized ones are
    // looked
    // through.
    private static final String INPUTS = """
        /* viewkeeper:view-catalog */
        with recursive reads as (
          select distinct w.ev_class as reader, r.oid as input, r.relkind as kind
          from pg_catalog.pg_rewrite w
          join pg_catalog.pg_class v on v.oid = w.ev_class and v.relkind in ('m', 'v')
          join pg_catalog.pg_depend d
            on d.classid = 'pg_catalog.pg_rewrite'::regclass
            and d.objid = w.oid
            and d.refclassid = 'pg_catalog.pg_class'::regclass
            and d.refobjid <> w.ev_class
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

    /** What the client reads bytes as that are no text. */
    private static final char REPLACEMENT = '\uFFFD';

    private final Database database;
    private final Set<Long> unnameable = ConcurrentHashMap.newKeySet();

    public ViewCatalog(Database database) {
        this.database = database;
    }

    /**
     * Every materialized view of the database, by name. In a database that does not check encodings (SQL_ASCII) a name may be no
     * text: such a view cannot be named in a statement, and is left out, which is said once.
     */
    public List<MaterializedView> all() {
        return database.query(ALL_VIEWS, ViewCatalog::read).stream()
                .filter(this::canBeNamed)
                .toList();
    }

    private boolean canBeNamed(MaterializedView view) {
        boolean canBeNamed = view.name().toString().indexOf(REPLACEMENT) < 0;
        if (!canBeNamed && unnameable.add(view.oid())) {
            LOG.warnf(
                    "view=%s oid=%d state=ignored reason=\"its name is not UTF-8; rename it\"",
                    view.name(), view.oid());
        }
        return canBeNamed;
    }

    /** Of each view that reads other materialized views, directly or through plain views: their oids, in order. */
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
