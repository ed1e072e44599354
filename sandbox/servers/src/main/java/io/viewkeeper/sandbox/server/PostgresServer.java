// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.server;

import java.sql.SQLException;
import java.util.UUID;

/**
 * A running PostgreSQL server with Viewkeeper's roles, none of them superuser. It never outlives this JVM, not even one
 * that was killed. Methods may be called from any thread.
 */
public final class PostgresServer implements AutoCloseable {

    private static final String MAINTENANCE_DATABASE = "postgres";

    private final PostgresCluster cluster;

    private PostgresServer(PostgresCluster cluster) {
        this.cluster = cluster;
    }

    public static PostgresServer start(PostgresOptions options) {
        return new PostgresServer(startCluster(options));
    }

    private static PostgresCluster startCluster(PostgresOptions options) {
        return switch (ServerKind.chosen()) {
            case EMBEDDED -> EmbeddedPostgresCluster.start(options);
            case CONTAINERS -> PostgresInContainer.start(options);
        };
    }

    /**
     * The server that all tests in this JVM use, started by the first. It ends with the JVM: nobody stops, kills, restarts or
     * closes it.
     */
    public static PostgresServer shared() {
        return shared(PostgresVersion.newest());
    }

    /** As {@link #shared()}, of this version. */
    public static PostgresServer shared(PostgresVersion version) {
        return new PostgresServer(SharedPostgresCluster.at(SharedServers.addressOf(
                "postgres-" + version.major(),
                () -> SharedPostgresCluster.addressOf(startCluster(PostgresOptions.version(version))))));
    }

    /** A new database with Viewkeeper's own tables, empty. */
    public SandboxDatabase migratedDatabase() {
        return cloneOf(MigrationOptions.core());
    }

    /** A new database with Viewkeeper's own tables and those of the claims workload, empty. */
    public SandboxDatabase claimsDatabase() {
        return cloneOf(MigrationOptions.claims());
    }

    /** A new database, copied from one that was migrated with these options: the first time takes seconds, then it is quick. */
    public SandboxDatabase cloneOf(MigrationOptions options) {
        // Of this JVM alone: in a directory that is kept, another may have left a template of an older changelog.
        var template = database(
                "viewkeeper_template_%d_%08x".formatted(ProcessHandle.current().pid(), options.hashCode()));
        var clone = database("viewkeeper_test_" + UUID.randomUUID().toString().substring(0, 8));
        try (var administration = new Administration(superuserDatabase())) {
            if (!administration.isTemplate(template)) {
                administration.drop(template);
                administration.create(template);
                Migration.migrate(template, options);
                administration.declareTemplate(template);
            }
            administration.copy(template, clone);
        } catch (SQLException e) {
            throw new SandboxServerException("Could not make a database on " + clone, e);
        }
        return clone;
    }

    /** A new database of this name, migrated without a template. */
    public SandboxDatabase createDatabase(String name, MigrationOptions options) {
        var created = createUnmigratedDatabase(name);
        try {
            Migration.migrate(created, options);
        } catch (SQLException e) {
            throw new SandboxServerException("Could not migrate database " + created, e);
        }
        return created;
    }

    /** A new database of this name in which a superuser has done his part; the migration is the caller's. */
    public SandboxDatabase createUnmigratedDatabase(String name) {
        var created = database(name);
        try (var administration = new Administration(superuserDatabase())) {
            administration.create(created);
        } catch (SQLException e) {
            throw new SandboxServerException("Could not create database " + created, e);
        }
        return created;
    }

    /** A database that exists on this server. */
    public SandboxDatabase database(String name) {
        return new SandboxDatabase(cluster.host(), cluster.port(), name, cluster.password());
    }

    public String superuserJdbcUrl(String databaseName) {
        return database(databaseName).jdbcUrl(Role.SUPERUSER);
    }

    public int port() {
        return cluster.port();
    }

    /** Ends all sessions and stops the server in order (a fast shutdown); its data stay. */
    public void stop() {
        cluster.stop();
    }

    /** Ends the server and its backends with SIGKILL; its data stay, and what was committed with them. */
    public void kill() {
        cluster.kill();
    }

    /** Starts the server again, after a stop if it runs, on the same port with the same data. */
    public void restart() {
        cluster.stop();
        cluster.start();
    }

    /** Stops the server, and deletes its data if they were temporary. */
    @Override
    public void close() {
        cluster.close();
    }

    private SandboxDatabase superuserDatabase() {
        return database(MAINTENANCE_DATABASE);
    }
}
