// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics.usage;

import io.vertx.sqlclient.Row;
import io.viewkeeper.metrics.collector.Statistics;
import io.viewkeeper.schema.catalog.SearchPaths;
import io.viewkeeper.schema.database.Database;
import io.viewkeeper.schema.event.ViewName;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads {@link ReadableViews}: system tables only, no lock on any view. */
@Singleton
class CatalogReader {
    /** Views over a view that is kept count as it; what such a view reads is read by its refresh only. */
    private static final String RELATIONS = """
        /* viewkeeper:usage */
        with recursive reading (oid, view_oid) as (
          select v.view_oid, v.view_oid
          from viewkeeper.view_relation v
          union
          select v.oid, reading.view_oid
          from reading
          join pg_catalog.pg_depend d
            on d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
            and d.refobjid = reading.oid
            and d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass
          join pg_catalog.pg_rewrite r on r.oid = d.objid
          join pg_catalog.pg_class v on v.oid = r.ev_class and v.relkind in ('v', 'm') and v.oid <> reading.oid
          left join viewkeeper.view_relation kept on kept.view_oid = reading.oid
          where kept.view_oid is null or kept.view_oid = reading.view_oid
        )
        select n.nspname, c.relname, kept.view_oid is not null and c.oid <> m.oid as computed, mn.nspname as view_schema, m.relname as view_name
        from reading
        join pg_catalog.pg_class c on c.oid = reading.oid
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        join pg_catalog.pg_class m on m.oid = reading.view_oid
        join pg_catalog.pg_namespace mn on mn.oid = m.relnamespace
        left join viewkeeper.view_relation kept on kept.view_oid = c.oid
        """;

    private static final String NAMESAKES = """
        /* viewkeeper:usage */
        select c.relname, n.nspname
        from pg_catalog.pg_class c
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        where c.relkind in ('r', 'v', 'm', 'f', 'p') and c.relname = any ($1::text[]::name[])
        """;

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
        return new ReadableViews(behind, namesakes(behind), SearchPaths.ofAll(database), feeds);
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

    private record Reading(ViewName relation, boolean computed, ViewName view) {}

    private static Reading reading(Row row) {
        return new Reading(
                new ViewName(row.getString("nspname"), row.getString("relname")),
                row.getBoolean("computed"),
                new ViewName(row.getString("view_schema"), row.getString("view_name")));
    }
}
