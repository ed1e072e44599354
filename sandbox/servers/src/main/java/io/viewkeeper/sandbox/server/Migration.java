// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Map;
import liquibase.Contexts;
import liquibase.LabelExpression;
import liquibase.Liquibase;
import liquibase.Scope;
import liquibase.UpdateSummaryEnum;
import liquibase.database.core.PostgresDatabase;
import liquibase.database.jvm.JdbcConnection;
import liquibase.exception.LiquibaseException;
import liquibase.logging.core.NoOpLogService;
import liquibase.resource.ClassLoaderResourceAccessor;
import liquibase.ui.LoggerUIService;

/** Applies what viewkeeper-migration ships, as its own command does in production, but inside this JVM. */
final class Migration {

    private static final String ROLES = "db/bootstrap-roles.sql";
    private static final String EXTENSIONS = "db/bootstrap-database.sql";
    private static final String CHANGELOG = "db/changelog.xml";

    // Liquibase reports every change set on the console, and by default reports its use to its makers.
    private static final Map<String, Object> QUIET = Map.of(
            Scope.Attr.logService.name(),
            new NoOpLogService(),
            Scope.Attr.ui.name(),
            new LoggerUIService(),
            "liquibase.analytics.enabled",
            false);

    private Migration() {}

    /** The roles of the cluster, as superuser, from any of its databases. */
    static void createRoles(SandboxDatabase anyDatabase) throws SQLException {
        anyDatabase.execute(Role.SUPERUSER, script(ROLES));
    }

    /** Extensions, and what the owner needs to migrate, as superuser. */
    static void prepare(SandboxDatabase database) throws SQLException {
        database.execute(Role.SUPERUSER, script(EXTENSIONS));
    }

    /** Tables, functions and views, as their owner; one at a time in a JVM, for Liquibase keeps state of its own there. */
    static synchronized void migrate(SandboxDatabase database, MigrationOptions options) throws SQLException {
        try {
            Scope.child(QUIET, () -> update(database, options));
        } catch (SQLException e) {
            throw e;
        } catch (Exception e) {
            // Scope.child declares Exception; what Liquibase throws tells the change set.
            throw new SandboxServerException("Could not migrate " + database + ": " + e.getMessage(), e);
        }
    }

    private static void update(SandboxDatabase database, MigrationOptions options)
            throws SQLException, LiquibaseException {
        try (var connection = database.connect(Role.OWNER);
                var target = new PostgresDatabase()) {
            target.setConnection(new JdbcConnection(connection));
            target.setLiquibaseSchemaName("viewkeeper");
            // Closing Liquibase would close the database; closing the accessor has nothing to close on a class path.
            @SuppressWarnings("resource")
            var liquibase =
                    new Liquibase(CHANGELOG, new ClassLoaderResourceAccessor(Migration.class.getClassLoader()), target);
            liquibase.setChangeLogParameter("businessTimeZone", options.businessTimeZoneName());
            liquibase.setShowSummary(UpdateSummaryEnum.OFF);
            liquibase.update(new Contexts(options.contexts()), new LabelExpression());
        }
    }

    private static String script(String name) {
        try (var script = Migration.class.getClassLoader().getResourceAsStream(name)) {
            if (script == null) {
                throw new SandboxServerException(name + " is not on the class path: viewkeeper-migration is missing");
            }
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("Could not read " + name, e);
        }
    }
}
