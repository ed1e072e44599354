// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.server;

import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.util.Map;
import java.util.Properties;
import java.util.ServiceLoader;

/**
 * One database of a {@link PostgresServer}, and how each role connects to it. All roles share one password, made at random
 * for each server; it is in {@link #jdbcUrl} and {@link #libpqUrl}, not in {@link #reactiveUrl}.
 */
public record SandboxDatabase(String host, int port, String name, String password) {

    // A server that stands still answers later. Whether it takes TLS, the driver would wait for 5 s, and then give up;
    // for all else while it connects, 10 s.
    private static final String PATIENT = "&sslmode=disable&connectTimeout=" + Await.PATIENCE.toSeconds();

    /** URL for pgjdbc, with user and password. */
    public String jdbcUrl(Role role) {
        return "jdbc:postgresql://%s:%d/%s?user=%s&password=%s%s"
                .formatted(host, port, name, role.roleName(), password, PATIENT);
    }

    /** URL for psql and everything else built on libpq, with user and password. */
    public String libpqUrl(Role role) {
        return "postgresql://%s:%s@%s:%d/%s".formatted(role.roleName(), password, host, port, name);
    }

    /** URL for {@code quarkus.datasource.reactive.url}: user and password are settings of their own. */
    public String reactiveUrl() {
        return "postgresql://%s:%d/%s".formatted(host, port, name);
    }

    /** The settings with which one of the services connects as this role. */
    public Map<String, String> serviceSettings(Role role) {
        return Map.of(
                "quarkus.datasource.reactive.url", reactiveUrl(),
                "quarkus.datasource.username", role.roleName(),
                "quarkus.datasource.password", password);
    }

    /** A new connection, not pooled: the caller closes it. */
    public Connection connect(Role role) throws SQLException {
        var url = jdbcUrl(role) + "&ApplicationName=viewkeeper-sandbox";
        // Not DriverManager: it looks for drivers once in a JVM, and Quarkus runs tests in class loaders of their own.
        for (var driver : ServiceLoader.load(Driver.class, SandboxDatabase.class.getClassLoader())) {
            var connection = driver.connect(url, new Properties());
            if (connection != null) {
                return connection;
            }
        }
        throw new SandboxServerException(
                "No driver for " + url + " on the class path: org.postgresql:postgresql is missing");
    }

    /** Runs statements, separated by semicolons, in one transaction of their own. */
    public void execute(Role role, String sql) throws SQLException {
        try (var connection = connect(role);
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public String toString() {
        return reactiveUrl();
    }
}
