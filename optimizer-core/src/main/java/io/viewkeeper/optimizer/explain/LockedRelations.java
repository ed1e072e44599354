// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.explain;

import java.util.List;

/** What planning touched: it locks each relation that the statement reads, through views, without partitions pruned. */
final class LockedRelations {
    private static final String LOCKED = """
            /* viewkeeper:explain */
            select distinct n.nspname, c.relname
            from pg_catalog.pg_locks l
            join pg_catalog.pg_class c on c.oid = l.relation
            join pg_catalog.pg_namespace n on n.oid = c.relnamespace
            where l.locktype = 'relation'
              and l.pid = pg_catalog.pg_backend_pid()
              and l.database = (select d.oid from pg_catalog.pg_database d where d.datname = pg_catalog.current_database())
              and c.relkind in ('r', 'p', 'm', 'f')
              and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
            order by n.nspname, c.relname""";

    private LockedRelations() {}

    static List<RelationName> of(MeteredSession session) {
        return session.query(LOCKED, row -> new RelationName(row.getString(0), row.getString(1)));
    }
}
