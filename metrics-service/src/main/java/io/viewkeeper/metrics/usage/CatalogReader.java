package io.viewkeeper.metrics.usage;

import io.vertx.sqlclient.Row;
import io.viewkeeper.metrics.collector.Statistics;
import io.viewkeeper.schema.database.Database;
import io.viewkeeper.schema.event.ViewName;
import io.viewkeeper.schema.sql.SqlLexer;
import io.viewkeeper.schema.sql.SqlToken.Kind;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads {@link ReadableViews}: system tables only, no lock on any view. */
@Singleton
class CatalogReader {
    /** Views over a materialized view count as it; what a materialized view reads is read by its refresh only. */
    private static final String RELATIONS = """
        /* viewkeeper:usage */
        with recursive reading (oid, view_oid) as (
          select c.oid, c.oid
          from pg_catalog.pg_class c
          where c.relkind = 'm'
          union
          select v.oid, reading.view_oid
          from reading
          join pg_catalog.pg_depend d
            on d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
            and d.refobjid = reading.oid
            and d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass
          join pg_catalog.pg_rewrite r on r.oid = d.objid
          join pg_catalog.pg_class v on v.oid = r.ev_class and v.relkind in ('v', 'm') and v.oid <> reading.oid
          join pg_catalog.pg_class read on read.oid = reading.oid and (read.relkind = 'v' or read.oid = reading.view_oid)
        )
        select n.nspname, c.relname, c.relkind = 'm' and c.oid <> m.oid as computed, mn.nspname as view_schema, m.relname as view_name
        from reading
        join pg_catalog.pg_class c on c.oid = reading.oid
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        join pg_catalog.pg_class m on m.oid = reading.view_oid
        join pg_catalog.pg_namespace mn on mn.oid = m.relnamespace
        """;

    private static final String NAMESAKES = """
        /* viewkeeper:usage */
        select c.relname, n.nspname
        from pg_catalog.pg_class c
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        where c.relkind in ('r', 'v', 'm', 'f', 'p') and c.relname = any ($1::text[]::name[])
        """;

    /** The more a setting is about this role, the more it counts; of one rank there is one. */
    private static final String SEARCH_PATHS = """
        /* viewkeeper:usage */
        select distinct on (r.oid)
          r.oid::bigint as role, r.rolname, pg_catalog.substr(c.setting, 13) as path
        from pg_catalog.pg_roles r
        join pg_catalog.pg_db_role_setting s
          on s.setrole in (r.oid, 0)
          and s.setdatabase in (0, (select oid from pg_catalog.pg_database where datname = pg_catalog.current_database()))
        cross join unnest(s.setconfig) as c (setting)
        where c.setting like 'search\\_path=%'
        order by r.oid, s.setrole desc, s.setdatabase desc
        """;

    private static final List<String> DEFAULT = List.of("public");

    private final Database database;

    CatalogReader(@Statistics Database database) {
        this.database = database;
    }

    ReadableViews read() {
        var behind = new HashMap<ViewName, Set<ViewName>>();
        var feeds = new HashMap<ViewName, Set<ViewName>>();
        for (var reading : database.query(RELATIONS, CatalogReader::reading)) {
            var into = reading.computed() ? feeds : behind;
            var key = reading.computed() ? reading.view() : reading.relation();
            var value = reading.computed() ? reading.relation() : reading.view();
            into.computeIfAbsent(key, name -> new LinkedHashSet<>()).add(value);
        }
        return new ReadableViews(behind, namesakes(behind), searchPaths(), DEFAULT, feeds);
    }

    private Map<String, Set<String>> namesakes(Map<ViewName, Set<ViewName>> behind) {
        var names = behind.keySet().stream().map(ViewName::name).distinct().toArray(String[]::new);
        var namesakes = new HashMap<String, Set<String>>();
        database.query(NAMESAKES, row -> List.of(row.getString(0), row.getString(1)), (Object) names)
                .forEach(found -> namesakes
                        .computeIfAbsent(found.get(0), name -> new LinkedHashSet<>())
                        .add(found.get(1)));
        return namesakes;
    }

    private Map<Long, List<String>> searchPaths() {
        var paths = new HashMap<Long, List<String>>();
        database.query(SEARCH_PATHS, CatalogReader::path).forEach(path -> paths.put(path.role(), path.schemas()));
        return paths;
    }

    private record Reading(ViewName relation, boolean computed, ViewName view) {}

    private static Reading reading(Row row) {
        return new Reading(
                new ViewName(row.getString("nspname"), row.getString("relname")),
                row.getBoolean("computed"),
                new ViewName(row.getString("view_schema"), row.getString("view_name")));
    }

    private record Path(long role, List<String> schemas) {}

    private static Path path(Row row) {
        return new Path(row.getLong("role"), schemas(row.getString("path"), row.getString("rolname")));
    }

    /** A list of names, as {@code SET search_path} takes them. */
    static List<String> schemas(@Nullable String path, String role) {
        var schemas = new ArrayList<String>();
        for (var token : SqlLexer.meaning(path == null ? "" : path)) {
            if (token.isName()) {
                String name = token.name();
                schemas.add(name.equals("$user") ? role : name);
            } else if (token.kind() == Kind.STRING) {
                schemas.add(token.text().substring(1, token.text().length() - 1));
            }
        }
        return schemas;
    }
}
