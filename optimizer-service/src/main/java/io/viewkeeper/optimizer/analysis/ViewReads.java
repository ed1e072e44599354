// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.analysis;

import io.viewkeeper.schema.database.Database;
import io.viewkeeper.schema.event.ViewName;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What views read: their base relations, through plain views, from the rules that the server keeps. */
final class ViewReads {
    private static final String BASE_RELATIONS = """
        /* viewkeeper:look */
        with recursive node (oid, looked_through) as (
          select c.oid, true
          from unnest($1::text[], $2::text[]) as a (schema, name)
          join pg_catalog.pg_namespace n on n.nspname = a.schema
          join pg_catalog.pg_class c on c.relnamespace = n.oid and c.relname = a.name
          union
          select r.oid, r.relkind = 'v'
          from node
          join pg_catalog.pg_rewrite w on w.ev_class = node.oid and node.looked_through
          join pg_catalog.pg_depend d
            on d.classid = 'pg_catalog.pg_rewrite'::regclass
            and d.objid = w.oid
            and d.refclassid = 'pg_catalog.pg_class'::regclass
            and d.refobjid <> w.ev_class
          join pg_catalog.pg_class r on r.oid = d.refobjid
        )
        select distinct n.nspname::text as schema, c.relname::text as name
        from node
        join pg_catalog.pg_class c on c.oid = node.oid
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        where c.relkind in ('r', 'p', 'f', 'm')
        order by 1, 2
        """;

    private final Database database;

    ViewReads(Database database) {
        this.database = database;
    }

    /** The views and what they read, as schema.name. */
    Set<String> withBaseRelations(Collection<ViewName> views) {
        var names = new HashSet<String>();
        views.forEach(view -> names.add(view.toString()));
        if (!views.isEmpty()) {
            names.addAll(baseRelations(views));
        }
        return names;
    }

    private List<String> baseRelations(Collection<ViewName> views) {
        return database.query(
                BASE_RELATIONS,
                row -> new ViewName(row.getString("schema"), row.getString("name")).toString(),
                views.stream().map(ViewName::schema).toArray(String[]::new),
                views.stream().map(ViewName::name).toArray(String[]::new));
    }
}
