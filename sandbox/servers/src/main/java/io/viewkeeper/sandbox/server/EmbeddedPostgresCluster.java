// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.server;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL from the binaries on the class path. It listens on loopback alone, with password authentication.
 *
 * <p>As root, the server runs in a user namespace of its own ({@code unshare -U}), because PostgreSQL refuses to be root.
 */
final class EmbeddedPostgresCluster implements PostgresCluster {

    // Unix sockets are found by port alone: two users' servers would meet in /tmp.
    private static final Map<String, String> LOOPBACK_ALONE =
            Map.of("listen_addresses", "127.0.0.1", "unix_socket_directories", "");

    private final PostgresVersion version;
    private final ServerDirectory directory;
    private final int port;
    private final String password;
    private final Map<String, String> settings;
    private @Nullable Postmaster postmaster;

    private EmbeddedPostgresCluster(
            PostgresVersion version,
            ServerDirectory directory,
            int port,
            String password,
            Map<String, String> settings) {
        this.version = version;
        this.directory = directory;
        this.port = port;
        this.password = password;
        this.settings = settings;
    }

    static EmbeddedPostgresCluster start(PostgresOptions options) {
        var directory = ServerDirectory.of(options.directory(), "postgres");
        var settings = new HashMap<>(LOOPBACK_ALONE);
        settings.putAll(options.serverSettings());
        var password = Passwords.keptIn(passwordFile(directory));
        try {
            return FreePort.startOn(
                    options.port(),
                    port -> {
                        var cluster =
                                new EmbeddedPostgresCluster(options.version(), directory, port, password, settings);
                        cluster.start();
                        return cluster;
                    },
                    () -> directory.endOfLog().contains("Address already in use"));
        } catch (SandboxServerException e) {
            directory.deleteIfTemporary();
            throw e;
        }
    }

    @Override
    public void start() {
        if (postmaster != null) {
            return;
        }
        try {
            var running = launch();
            long pid = pidOfPostmaster();
            postmaster = new Postmaster(running, pid, Lifeline.ofPostgres(pid, directory));
        } catch (IOException | RuntimeException e) {
            throw new SandboxServerException(
                    "Could not start PostgreSQL on port %d; its log ends with:%n%s"
                            .formatted(port, directory.endOfLog()),
                    e);
        }
    }

    private EmbeddedPostgres launch() throws IOException {
        var builder = EmbeddedPostgres.builder()
                .setOverrideWorkingDirectory(ServerDirectory.forBinaries().toFile())
                .setDataDirectory(dataDirectory())
                .setCleanDataDirectory(false)
                .setRegisterShutdownHook(false)
                .setPort(port)
                .setPGStartupWait(Await.PATIENCE)
                .setErrorRedirector(Redirect.appendTo(directory.log().toFile()))
                .setOutputRedirector(Redirect.appendTo(directory.log().toFile()))
                // The builder passes its "locale" settings to initdb as they are: the last word on authentication too.
                .setLocaleConfig("locale", "C")
                .setLocaleConfig("auth", "scram-sha-256")
                .setLocaleConfig("pwfile", passwordFile(directory).toString())
                .setConnectConfig("password", password);
        version.binaries().ifPresent(builder::setPgBinaryResolver);
        settings.forEach((name, value) -> builder.setServerConfig(name, quotedForShell(name, value)));
        return builder.start();
    }

    @Override
    public void stop() {
        var running = postmaster;
        if (running == null) {
            return;
        }
        postmaster = null;
        running.lifeline().release();
        var exit = processOf(running.pid());
        try {
            running.server().close();
        } catch (IOException e) {
            throw new UncheckedIOException("Could not stop PostgreSQL in " + directory.path(), e);
        }
        awaitEnd(exit);
    }

    @Override
    public void kill() {
        var running = postmaster;
        if (running == null) {
            return;
        }
        postmaster = null;
        running.lifeline().release();
        // Backends outlive a killed postmaster by a moment, and until they are gone it cannot be started again.
        var processes = processOf(running.pid())
                .flatMap(process -> Stream.concat(Stream.of(process), process.descendants()))
                .toList();
        processes.forEach(ProcessHandle::destroyForcibly);
        awaitEnd(processes.stream());
        forgetLock();
    }

    /** Closing a server that is dead would release this lock too, but with an error in the log because pg_ctl finds no server. */
    private void forgetLock() {
        var lock = dataDirectory().resolve("epg-lock");
        try {
            Files.deleteIfExists(lock);
        } catch (IOException e) {
            throw new UncheckedIOException("Could not delete " + lock, e);
        }
    }

    @Override
    public void close() {
        stop();
        directory.deleteIfTemporary();
    }

    @Override
    public String host() {
        return "127.0.0.1";
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public String password() {
        return password;
    }

    private void awaitEnd(Stream<ProcessHandle> processes) {
        processes.forEach(process -> {
            try {
                process.onExit().get(Await.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new SandboxServerException("Interrupted while PostgreSQL was stopping", e);
            } catch (ExecutionException | TimeoutException e) {
                throw new SandboxServerException(
                        "PostgreSQL process %d in %s did not end within %s"
                                .formatted(process.pid(), directory.path(), Await.PATIENCE),
                        e);
            }
        });
    }

    private Path dataDirectory() {
        return directory.path().resolve("data");
    }

    private long pidOfPostmaster() throws IOException {
        return Long.parseLong(Files.readAllLines(dataDirectory().resolve("postmaster.pid"))
                .getFirst()
                .strip());
    }

    private static Stream<ProcessHandle> processOf(long pid) {
        return ProcessHandle.of(pid).stream();
    }

    private static Path passwordFile(ServerDirectory directory) {
        return directory.path().resolve("password");
    }

    /** pg_ctl hands the settings to a shell. */
    private static String quotedForShell(String name, String value) {
        if (value.indexOf('\'') >= 0) {
            throw new IllegalArgumentException(
                    "The value of setting %s must not contain a single quote: %s".formatted(name, value));
        }
        return "'" + value + "'";
    }

    private record Postmaster(EmbeddedPostgres server, long pid, Lifeline lifeline) {}
}
