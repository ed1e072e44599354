package io.viewkeeper.sandbox.server;

import java.sql.SQLException;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A running PostgreSQL server with Viewkeeper's roles, none of them superuser. It never outlives this JVM, not even one
 * that was killed. Methods may be called from any thread.
 */
public final class PostgresServer implements AutoCloseable {

    private static final String MAINTENANCE_DATABASE = "postgres";

    private static @Nullable PostgresServer shared;

    private final PostgresCluster cluster;
    private final Map<MigrationOptions, SandboxDatabase> templates = new HashMap<>();
    private boolean rolesExist;

    private PostgresServer(PostgresCluster cluster) {
        this.cluster = cluster;
    }

    public static PostgresServer start(PostgresOptions options) {
        return new PostgresServer(EmbeddedPostgresCluster.start(options));
    }

    /** The server that all tests in this JVM use, started by the first; it ends with the JVM and is closed by nobody. */
    public static synchronized PostgresServer shared() {
        if (shared == null) {
            shared = start(PostgresOptions.temporary());
        }
        return shared;
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
    public synchronized SandboxDatabase cloneOf(MigrationOptions options) {
        var template = templates.get(options);
        if (template == null) {
            template = createDatabase(newName("template"), options);
            templates.put(options, template);
        }
        var clone = database(newName("test"));
        try {
            DatabaseClone.copy(superuserDatabase(), template, clone);
        } catch (SQLException e) {
            throw new SandboxServerException("Could not copy " + template + " to " + clone, e);
        }
        return clone;
    }

    /** A new database of this name, migrated without a template. */
    public synchronized SandboxDatabase createDatabase(String name, MigrationOptions options) {
        var created = createUnmigratedDatabase(name);
        try {
            Migration.migrate(created, options);
        } catch (SQLException e) {
            throw new SandboxServerException("Could not migrate database " + created, e);
        }
        return created;
    }

    /** A new database of this name in which a superuser has done his part; the migration is the caller's. */
    public synchronized SandboxDatabase createUnmigratedDatabase(String name) {
        var created = database(name);
        try {
            createRoles();
            superuserDatabase()
                    .execute(Role.SUPERUSER, "create database \"%s\" owner %s".formatted(name, Role.OWNER.roleName()));
            Migration.prepare(created);
        } catch (SQLException e) {
            throw new SandboxServerException("Could not create database " + created, e);
        }
        return created;
    }

    private void createRoles() throws SQLException {
        if (rolesExist) {
            return;
        }
        Migration.createRoles(superuserDatabase());
        for (var role : EnumSet.complementOf(EnumSet.of(Role.SUPERUSER))) {
            superuserDatabase()
                    .execute(
                            Role.SUPERUSER,
                            "alter role %s login password '%s'".formatted(role.roleName(), cluster.password()));
        }
        rolesExist = true;
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

    private static String newName(String kind) {
        return "viewkeeper_" + kind + "_" + UUID.randomUUID().toString().substring(0, 8);
    }
}
