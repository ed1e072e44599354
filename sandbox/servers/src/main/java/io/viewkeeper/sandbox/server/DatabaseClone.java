package io.viewkeeper.sandbox.server;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Copies a database with what CREATE DATABASE … TEMPLATE leaves behind: its settings and the privileges on it. */
final class DatabaseClone {

    private static final String COPY_SETTINGS = """
            insert into pg_catalog.pg_db_role_setting (setdatabase, setrole, setconfig)
            select copy.oid, setting.setrole, setting.setconfig
            from pg_catalog.pg_db_role_setting as setting
            join pg_catalog.pg_database as template on template.oid = setting.setdatabase
            cross join pg_catalog.pg_database as copy
            where template.datname = ?
              and copy.datname = ?
            """;

    private static final String GRANTS_TO_REPEAT = """
            select pg_catalog.format('grant %s on database %I to %s',
                     acl.privilege_type, ?::text,
                     case when acl.grantee = 0 then 'public' else acl.grantee::pg_catalog.regrole::text end)
            from pg_catalog.pg_database as template
            cross join lateral pg_catalog.aclexplode(template.datacl) as acl
            where template.datname = ?
            order by 1
            """;

    private DatabaseClone() {}

    static void copy(SandboxDatabase maintenance, SandboxDatabase template, SandboxDatabase clone) throws SQLException {
        try (var connection = maintenance.connect(Role.SUPERUSER)) {
            run(
                    connection,
                    "create database \"%s\" template \"%s\" owner %s"
                            .formatted(clone.name(), template.name(), Role.OWNER.roleName()));
            copySettings(connection, template, clone);
            for (var grant : grantsToRepeat(connection, template, clone)) {
                run(connection, grant);
            }
        }
    }

    private static void copySettings(Connection connection, SandboxDatabase template, SandboxDatabase clone)
            throws SQLException {
        try (var statement = connection.prepareStatement(COPY_SETTINGS)) {
            statement.setString(1, template.name());
            statement.setString(2, clone.name());
            statement.executeUpdate();
        }
    }

    private static List<String> grantsToRepeat(Connection connection, SandboxDatabase template, SandboxDatabase clone)
            throws SQLException {
        try (var statement = connection.prepareStatement(GRANTS_TO_REPEAT)) {
            statement.setString(1, clone.name());
            statement.setString(2, template.name());
            var grants = new ArrayList<String>();
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    grants.add(rows.getString(1));
                }
            }
            return grants;
        }
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
