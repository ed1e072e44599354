// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.server;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.testcontainers.postgresql.PostgreSQLContainer;

/** PostgreSQL in a container. Its data end with the container: a chosen directory is not used. */
final class PostgresInContainer implements PostgresCluster {

    private static final Duration START_LIMIT = Duration.ofMinutes(2);

    private final String host;
    private final int port;
    private final String password;
    private final ServerContainer container;

    private PostgresInContainer(PostgreSQLContainer postgres, int port) {
        this.port = port;
        this.password = postgres.getPassword();
        this.container = new ServerContainer(postgres, port, PostgreSQLContainer.POSTGRESQL_PORT);
        this.host = postgres.getHost();
    }

    static PostgresInContainer start(PostgresOptions options) {
        var postgres = new PostgreSQLContainer(options.version().image())
                .withUsername(Role.SUPERUSER.roleName())
                .withDatabaseName(Role.SUPERUSER.roleName())
                .withPassword(Passwords.random())
                .withCommand(command(options.serverSettings()));
        return new PostgresInContainer(postgres, options.port() == 0 ? FreePort.choose() : options.port());
    }

    private static String[] command(Map<String, String> settings) {
        var settingArguments = settings.entrySet().stream()
                .flatMap(setting -> Stream.of("-c", setting.getKey() + "=" + setting.getValue()));
        return Stream.concat(Stream.of("postgres"), settingArguments).toArray(String[]::new);
    }

    @Override
    public void start() {
        container.start();
        var database = new SandboxDatabase(host, port, Role.SUPERUSER.roleName(), password);
        long end = System.nanoTime() + START_LIMIT.toNanos();
        while (!answers(database)) {
            if (System.nanoTime() > end) {
                throw new SandboxServerException("PostgreSQL in its container did not answer within " + START_LIMIT);
            }
            pause();
        }
    }

    private static boolean answers(SandboxDatabase database) {
        try {
            database.execute(Role.SUPERUSER, "select 1");
            return true;
        } catch (SQLException notYet) {
            return false;
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SandboxServerException("Interrupted while PostgreSQL was starting", e);
        }
    }

    @Override
    public void stop() {
        container.stop();
    }

    @Override
    public void kill() {
        container.kill();
    }

    @Override
    public void close() {
        container.close();
    }

    @Override
    public String host() {
        return host;
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public String password() {
        return password;
    }
}
