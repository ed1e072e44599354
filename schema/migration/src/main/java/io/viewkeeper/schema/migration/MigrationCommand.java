package io.viewkeeper.schema.migration;

import io.quarkus.liquibase.LiquibaseFactory;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.annotations.QuarkusMain;
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

    MigrationCommand(LiquibaseFactory liquibaseFactory) {
        this.liquibaseFactory = liquibaseFactory;
    }

    @Override
    public int run(String... args) {
        // Liquibase would tell its makers of every use.
        System.setProperty("liquibase.analytics.enabled", "false");
        try (Liquibase liquibase = liquibaseFactory.createLiquibase()) {
            var contexts = liquibaseFactory.createContexts();
            var labels = liquibaseFactory.createLabels();
            int pending = liquibase.listUnrunChangeSets(contexts, labels).size();
            liquibase.update(contexts, labels);
            LOG.infof("migration=done changes=%d contexts=%s", pending, contexts);
            return 0;
        } catch (LiquibaseException | RuntimeException failure) {
            LOG.errorf(
                    failure,
                    "migration=failed what to do: connect as viewkeeper_owner; a superuser must have run"
                            + " bootstrap-roles.sql and, in this database, bootstrap-database.sql");
            return 1;
        }
    }
}
