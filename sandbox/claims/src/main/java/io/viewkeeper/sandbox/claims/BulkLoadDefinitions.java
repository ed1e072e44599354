// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.claims;

import java.sql.Connection;
import java.sql.PreparedStatement;
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
record BulkLoadDefinitions(
        List<String> drops, List<String> primaryKeys, List<String> indexes, List<String> foreignKeys) {

    private static final String[] LARGE_TABLES = {
        "staging.claims_837p", "staging.claim_line_items", "staging.validation_results", "staging.processing_queue"
    };

    /** Foreign keys first: they need the primary keys that they refer to. */
    private static final String DEFINITIONS = """
            /* viewkeeper:sandbox */ select
              c.contype::text as kind,
              pg_catalog.format('alter table %s drop constraint %I', c.conrelid::pg_catalog.regclass, c.conname) as dropping,
              pg_catalog.format('alter table %s add constraint %I %s',
                c.conrelid::pg_catalog.regclass, c.conname, pg_catalog.pg_get_constraintdef(c.oid)) as adding
            from pg_catalog.pg_constraint c
            where c.conrelid = any (cast(? as pg_catalog.regclass[]))
              and c.contype in ('f', 'p', 'u')
            union all
            select
              'index' as kind,
              pg_catalog.format('drop index %s', i.indexrelid::pg_catalog.regclass) as dropping,
              pg_catalog.pg_get_indexdef(i.indexrelid) as adding
            from pg_catalog.pg_index i
            where i.indrelid = any (cast(? as pg_catalog.regclass[]))
              and not exists (select from pg_catalog.pg_constraint c where c.conindid = i.indexrelid and c.contype in ('p', 'u'))
            order by kind, adding""";

    /** Reads them in the connection's transaction; afterwards its search path is empty until the transaction ends. */
    static BulkLoadDefinitions read(Connection connection) throws SQLException {
        var drops = new ArrayList<String>();
        var primaryKeys = new ArrayList<String>();
        var indexes = new ArrayList<String>();
        var foreignKeys = new ArrayList<String>();
        try (Statement setting = connection.createStatement();
                PreparedStatement statement = connection.prepareStatement(DEFINITIONS)) {
            // With nothing on the search path the catalog's functions print every name with its schema.
            setting.execute("/* viewkeeper:sandbox */ set local search_path = ''");
            var tables = connection.createArrayOf("text", LARGE_TABLES);
            statement.setArray(1, tables);
            statement.setArray(2, tables);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    drops.add(row.getString("dropping"));
                    switch (row.getString("kind")) {
                        case "f" -> foreignKeys.add(row.getString("adding"));
                        case "index" -> indexes.add(row.getString("adding"));
                        default -> primaryKeys.add(row.getString("adding"));
                    }
                }
            }
        }
        return new BulkLoadDefinitions(
                List.copyOf(drops), List.copyOf(primaryKeys), List.copyOf(indexes), List.copyOf(foreignKeys));
    }
}
