package io.viewkeeper.sandbox.server;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
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

    private static final Duration START_LIMIT = Duration.ofMinutes(2);
    private static final Duration STOP_LIMIT = Duration.ofMinutes(1);

    // Nothing committed is lost when the server is killed: the operating system still has what was written. So
    // synchronous_commit stays on, which costs one write() as long as fsync is off.
    private static final Map<String, String> SETTINGS = Map.ofEntries(
            Map.entry("listen_addresses", "127.0.0.1"),
            Map.entry("unix_socket_directories", ""),
            Map.entry("max_connections", "200"),
            Map.entry("shared_buffers", "256MB"),
            Map.entry("max_wal_size", "4GB"),
            Map.entry("fsync", "off"),
            Map.entry("full_page_writes", "off"),
            Map.entry("synchronous_commit", "on"),
            Map.entry("timezone", "UTC"),
            Map.entry("log_timezone", "UTC"),
            Map.entry("log_line_prefix", "%m [%p] %u@%d %a "),
            Map.entry("shared_preload_libraries", "pg_stat_statements"),
            Map.entry("compute_query_id", "on"),
            Map.entry("track_io_timing", "on"),
            Map.entry("track_functions", "all"));

    private final ServerDirectory directory;
    private final int port;
    private final String password;
    private final Map<String, String> settings;
    private @Nullable Postmaster postmaster;

    private EmbeddedPostgresCluster(
            ServerDirectory directory, int port, String password, Map<String, String> settings) {
        this.directory = directory;
        this.port = port;
        this.password = password;
        this.settings = settings;
    }

    static EmbeddedPostgresCluster start(PostgresOptions options) {
        var directory = ServerDirectory.of(options.directory(), "postgres");
        var settings = new HashMap<>(SETTINGS);
        settings.putAll(options.settings());
        int port = options.port() == 0 ? FreePort.choose() : options.port();
        var cluster = new EmbeddedPostgresCluster(directory, port, passwordIn(directory.path()), settings);
        cluster.start();
        return cluster;
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
                    "Could not start PostgreSQL on port %d; the end of its log %s says:%n%s"
                            .formatted(port, directory.log(), directory.endOfLog()),
                    e);
        }
    }

    private EmbeddedPostgres launch() throws IOException {
        var builder = EmbeddedPostgres.builder()
                .setOverrideWorkingDirectory(ServerDirectory.ofThisUser().toFile())
                .setDataDirectory(dataDirectory())
                .setCleanDataDirectory(false)
                .setRegisterShutdownHook(false)
                .setPort(port)
                .setPGStartupWait(START_LIMIT)
                .setErrorRedirector(Redirect.appendTo(directory.log().toFile()))
                .setOutputRedirector(Redirect.appendTo(directory.log().toFile()))
                // The builder passes its "locale" settings to initdb as they are: the last word on authentication too.
                .setLocaleConfig("locale", "C")
                .setLocaleConfig("auth", "scram-sha-256")
                .setLocaleConfig("pwfile", passwordFile(directory.path()).toString())
                .setConnectConfig("password", password);
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
        try {
            running.server().close();
        } catch (IOException e) {
            throw new UncheckedIOException("Could not release " + directory.path(), e);
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
                process.onExit().get(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new SandboxServerException("Interrupted while PostgreSQL was stopping", e);
            } catch (ExecutionException | TimeoutException e) {
                throw new SandboxServerException(
                        "PostgreSQL process %d in %s did not end within %s"
                                .formatted(process.pid(), directory.path(), STOP_LIMIT),
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

    private static Path passwordFile(Path directory) {
        return directory.resolve("password");
    }

    private static String passwordIn(Path directory) {
        var file = passwordFile(directory);
        try {
            if (Files.exists(file)) {
                return Files.readString(file).strip();
            }
            var bytes = new byte[16];
            ThreadLocalRandom.current().nextBytes(bytes);
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(file, HexFormat.of().formatHex(bytes));
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("Could not keep the password of the sandbox in " + file, e);
        }
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
