// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.change;

import io.viewkeeper.schema.database.Database;
import io.viewkeeper.schema.event.ViewName;
import java.util.Optional;

/**
 * Which transaction wrote the newest row of a view. Only REFRESH and CREATE write rows, and a row keeps its raw xmin through
 * whatever else is done to it: VACUUM FREEZE and FULL, CLUSTER, RENAME, SET TABLESPACE (since 9.4; measured on 15 and 18).
 */
final class NewestRow {
    /** How many pages are read at most, of a larger view a sample: 32 MB, some 50 ms. */
    private static final long PAGES = 4_096;

    // What holds its lock for longer is looked at another time.
    private static final String LIMITS = """
        /* viewkeeper:changes */
        select
          pg_catalog.set_config('lock_timeout', '20ms', true),
          pg_catalog.set_config('statement_timeout', '1s', true),
          pg_catalog.set_config('row_security', 'off', true)
        """;

    // Of a plain refresh, the first row has the number of the catalog's row; of a concurrent one, those that it
    // changed. TABLESAMPLE takes no plain view: whatever has the name by now, no code of others is executed. A number
    // that seems to be of the future is older than 2^31 transactions; 1 and 2 are not numbers of transactions, nor
    // have an age.
    private static final String NEWEST = """
        /* viewkeeper:changes */
        with sample as (
          select least(
              100,
              100.0 * $3::bigint * pg_catalog.current_setting('block_size')::integer
                / nullif(pg_catalog.pg_relation_size(c.oid), 0)
            )::real as percent
          from pg_catalog.pg_class c
          where c.oid = $2::bigint::oid
        )
        select coalesce(
          (
            select v.xmin
            from :view: v tablesample pg_catalog.system ((select percent from sample))
            where v.tableoid = $2::bigint::oid
              and v.xmin = $1::text::xid
            limit 1
          ),
          (
            select v.xmin
            from :view: v tablesample pg_catalog.system ((select percent from sample))
            where v.tableoid = $2::bigint::oid
              and pg_catalog.age(v.xmin) between 1 and 2147483646
            order by pg_catalog.age(v.xmin)
            limit 1
          )
        )::text as xid
        """;

    private NewestRow() {}

    /** Its number, empty where there is no row. The view must be populated, and one that we may read. */
    static Optional<Integer> writer(Database database, ViewName view, Mark mark) {
        return database.inTransaction(session -> {
            session.queryOne(LIMITS, row -> row);
            return session.queryOne(
                    NEWEST.replace(":view:", view.quoted()),
                    row -> Optional.ofNullable(row.getString("xid")).map(Integer::parseUnsignedInt),
                    Integer.toUnsignedString(mark.xid()),
                    mark.oid(),
                    PAGES);
        });
    }
}
