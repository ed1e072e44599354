// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.server;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** A session of the superuser that makes databases; one at a time on a server, because roles and templates are shared. */
final class Administration implements AutoCloseable {

    private static final String WAIT_FOR_OTHERS = "select pg_catalog.pg_advisory_lock(7305804402566525047)";

    // Nobody guesses a random password of 128 bits, whatever a guess costs; and the usual 4,096 iterations cost a
    // JVM without the second compiler 13 ms for each new session. 15 does not know the setting.
    private static final String ONE_ITERATION = """
            select pg_catalog.set_config(name, '1', false)
            from pg_catalog.pg_settings
            where name = 'scram_iterations'
            """;

    private static final String IS_TEMPLATE = """
            select count(*)
            from pg_catalog.pg_database
            where datistemplate
              and datname = ?
            """;

    // CREATE DATABASE … TEMPLATE leaves behind what ALTER DATABASE … SET and GRANT … ON DATABASE did to the template.
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
            select pg_catalog.format(
              'grant %s on database %I to %s',
              acl.privilege_type,
              copy.datname,
              case when acl.grantee = 0 then 'public' else acl.grantee::pg_catalog.regrole::text end)
            from pg_catalog.pg_database as template
            cross join lateral pg_catalog.aclexplode(template.datacl) as acl
            cross join pg_catalog.pg_database as copy
            where template.datname = ?
              and copy.datname = ?
            order by 1
            """;

    private final SandboxDatabase maintenance;
    private final Connection connection;

    Administration(SandboxDatabase maintenance) throws SQLException {
        this.maintenance = maintenance;
        this.connection = maintenance.connect(Role.SUPERUSER);
        // Held by the session: closing it releases the lock.
        run(WAIT_FOR_OTHERS);
    }

    /** Creates a database as production does, up to the owner's migration: roles, database, extensions. */
    void create(SandboxDatabase database) throws SQLException {
        Migration.createRoles(maintenance);
        run(ONE_ITERATION);
        for (var role : Role.values()) {
            run("alter role %s login password '%s'".formatted(role.roleName(), database.password()));
        }
        run("create database \"%s\" owner %s".formatted(database.name(), Role.OWNER.roleName()));
        Migration.prepare(database);
    }

    boolean isTemplate(SandboxDatabase database) throws SQLException {
        try (var statement = connection.prepareStatement(IS_TEMPLATE)) {
            statement.setString(1, database.name());
            try (var rows = statement.executeQuery()) {
                return rows.next() && rows.getInt(1) == 1;
            }
        }
    }

    void declareTemplate(SandboxDatabase database) throws SQLException {
        run("alter database \"%s\" with is_template true allow_connections false".formatted(database.name()));
    }

    void copy(SandboxDatabase template, SandboxDatabase copy) throws SQLException {
        run("create database \"%s\" template \"%s\" owner %s"
                .formatted(copy.name(), template.name(), Role.OWNER.roleName()));
        try (var statement = connection.prepareStatement(COPY_SETTINGS)) {
            statement.setString(1, template.name());
            statement.setString(2, copy.name());
            statement.executeUpdate();
        }
        for (var grant : grantsToRepeat(template, copy)) {
            run(grant);
        }
    }

    private List<String> grantsToRepeat(SandboxDatabase template, SandboxDatabase copy) throws SQLException {
        try (var statement = connection.prepareStatement(GRANTS_TO_REPEAT)) {
            statement.setString(1, template.name());
            statement.setString(2, copy.name());
            var grants = new ArrayList<String>();
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    grants.add(rows.getString(1));
                }
            }
            return grants;
        }
    }

    /** Also when sessions are using it; nothing happens when there is no such database. */
    void drop(SandboxDatabase database) throws SQLException {
        run("drop database if exists \"%s\" with (force)".formatted(database.name()));
    }

    private void run(String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
