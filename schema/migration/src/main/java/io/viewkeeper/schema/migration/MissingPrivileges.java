// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.migration;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** What the migration may not do in this database, as the statements that would allow it. */
final class MissingPrivileges {
    // A schema of somebody else's must let us create tables in it and pass its usage on to the services' roles; without
    // the
    // option to pass it on, PostgreSQL grants nothing and only warns.
    private static final String GRANTS = """
        select statement
        from (
          select 1 as place, 'grant create on database ' || pg_catalog.quote_ident(d.datname) || ' to ' || me.name as statement
          from pg_catalog.pg_database d
          cross join (select pg_catalog.quote_ident(current_user) as name) me
          where d.datname = pg_catalog.current_database()
            and not pg_catalog.has_database_privilege(d.oid, 'create')
            and (
              select count(*) from pg_catalog.pg_namespace n where n.nspname in ('viewkeeper', 'analytics', 'maintenance')
            ) < 3
          union all
          select 2, 'alter schema viewkeeper owner to ' || pg_catalog.quote_ident(current_user)
          from pg_catalog.pg_namespace n
          where n.nspname = 'viewkeeper'
            and not pg_catalog.pg_has_role(n.nspowner, 'usage')
          union all
          select
            3,
            'grant usage, create on schema ' || pg_catalog.quote_ident(n.nspname) || ' to '
              || pg_catalog.quote_ident(current_user) || ' with grant option'
          from pg_catalog.pg_namespace n
          where n.nspname in ('analytics', 'maintenance')
            and not (
              pg_catalog.has_schema_privilege(n.oid, 'create')
              and pg_catalog.has_schema_privilege(n.oid, 'usage with grant option')
            )
        ) missing
        order by place, statement
        """;

    private MissingPrivileges() {}

    /** @throws SQLException if the database cannot be asked */
    static List<String> in(DataSource database) throws SQLException {
        try (var connection = database.getConnection();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(GRANTS)) {
            var grants = new ArrayList<String>();
            while (rows.next()) {
                grants.add(rows.getString("statement"));
            }
            return grants;
        }
    }
}
