// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.migration;

import io.quarkus.liquibase.LiquibaseFactory;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import liquibase.Liquibase;
import liquibase.exception.LiquibaseException;
import org.jboss.logging.Logger;

/**
 * Brings the database to the schema version that the services know, then exits: 0 when it is there, 1 when it could
 * not be brought there. Two at once are safe: Liquibase's lock makes the second wait and find nothing to do.
 */
@QuarkusMain
public class MigrationCommand implements QuarkusApplication {
    private static final Logger LOG = Logger.getLogger(MigrationCommand.class);

    private final LiquibaseFactory liquibaseFactory;
    private final DataSource database;

    MigrationCommand(LiquibaseFactory liquibaseFactory, DataSource database) {
        this.liquibaseFactory = liquibaseFactory;
        this.database = database;
    }

    @Override
    public int run(String... args) {
        // Liquibase would tell its makers of every use.
        System.setProperty("liquibase.analytics.enabled", "false");
        try {
            List<String> missing = MissingPrivileges.in(database);
            if (missing.isEmpty()) {
                migrate();
                return 0;
            }
            LOG.errorf(
                    "migration=failed reason=\"the role may not create what Viewkeeper needs\" what to do, as the owner of the database or schema: %s",
                    String.join("; ", missing));
        } catch (LiquibaseException | SQLException | RuntimeException failure) {
            LOG.errorf(
                    "migration=failed reason=\"%s\" what to do: connect as viewkeeper_owner; a superuser must have run"
                            + " bootstrap-roles.sql and, in this database, bootstrap-database.sql",
                    reason(failure));
            LOG.debug("migration=failed", failure);
        }
        return 1;
    }

    private void migrate() throws LiquibaseException {
        try (Liquibase liquibase = liquibaseFactory.createLiquibase()) {
            var contexts = liquibaseFactory.createContexts();
            var labels = liquibaseFactory.createLabels();
            int pending = liquibase.listUnrunChangeSets(contexts, labels).size();
            liquibase.update(contexts, labels);
            LOG.infof("migration=done changes=%d contexts=%s", pending, contexts);
        }
    }

    /** What the database, or else the first cause, said, in one line: what lies around it is plumbing. */
    private static String reason(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null && !(cause instanceof SQLException)) {
            cause = cause.getCause();
        }
        String message = cause.getMessage() == null ? "no reason was given" : cause.getMessage();
        return message.strip().replaceAll("\\s+", " ");
    }
}
