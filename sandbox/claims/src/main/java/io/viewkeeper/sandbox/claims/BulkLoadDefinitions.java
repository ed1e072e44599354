package io.viewkeeper.sandbox.claims;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * The keys and indexes of the large base tables, taken away for a bulk load and put back after it: building an index once
 * costs a fraction of keeping it up row by row, and so does checking a foreign key. Definitions come from the catalog, so
 * what is put back is what was there.
 */
record BulkLoadDefinitions(List<String> dropped, List<String> primaryKeys, List<String> indexes, List<String> foreignKeys) {
    private static final String LARGE_TABLES =
            "'staging.claims_837p', 'staging.claim_line_items', 'staging.validation_results', 'staging.processing_queue'";

    private static final String CONSTRAINTS = """
            select
              c.contype,
              pg_catalog.format('alter table %s drop constraint %I', c.conrelid::pg_catalog.regclass, c.conname) as dropping,
              pg_catalog.format('alter table %s add constraint %I %s',
                c.conrelid::pg_catalog.regclass, c.conname, pg_catalog.pg_get_constraintdef(c.oid)) as adding
            from pg_catalog.pg_constraint c
            where c.conrelid in (select t::pg_catalog.regclass from unnest(array[%s]) t)
              and c.contype in ('f', 'p', 'u')
            order by c.contype = 'f' desc, c.conrelid, c.conname""".replace("%s]", LARGE_TABLES + "]");

    private static final String INDEXES = """
            select
              pg_catalog.format('drop index %s', i.indexrelid::pg_catalog.regclass) as dropping,
              pg_catalog.pg_get_indexdef(i.indexrelid) as adding
            from pg_catalog.pg_index i
            where i.indrelid in (select t::pg_catalog.regclass from unnest(array[%s]) t)
              and not exists (select from pg_catalog.pg_constraint c where c.conindid = i.indexrelid)
            order by i.indrelid, i.indexrelid""".replace("%s]", LARGE_TABLES + "]");

    static BulkLoadDefinitions read(Connection connection) throws SQLException {
        var definitions = new BulkLoadDefinitions(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        try (Statement statement = connection.createStatement()) {
            // Without a schema on the search path, the catalog's functions print every name with its schema.
            statement.execute("set local search_path = ''");
            try (ResultSet row = statement.executeQuery(CONSTRAINTS)) {
                while (row.next()) {
                    definitions.dropped.add(row.getString("dropping"));
                    (row.getString("contype").equals("f") ? definitions.foreignKeys : definitions.primaryKeys)
                            .add(row.getString("adding"));
                }
            }
            try (ResultSet row = statement.executeQuery(INDEXES)) {
                while (row.next()) {
                    definitions.dropped.add(row.getString("dropping"));
                    definitions.indexes.add(row.getString("adding"));
                }
            }
        }
        return definitions;
    }

    int size() {
        return primaryKeys.size() + indexes.size() + foreignKeys.size();
    }
}
