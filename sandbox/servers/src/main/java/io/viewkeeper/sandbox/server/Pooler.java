// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** pgbouncer in front of one database, pooling transactions. It must be installed, or {@code ./viewkeeper test} has unpacked it. */
public final class Pooler implements AutoCloseable {
    private static final List<Path> PROGRAMS = List.of(
            Path.of("/usr/sbin/pgbouncer"),
            Path.of("/usr/bin/pgbouncer"),
            Path.of("/usr/local/bin/pgbouncer"),
            Path.of(System.getProperty("viewkeeper.root", "../.."), "target/tools/pgbouncer/pgbouncer"));

    private final Process process;
    private final SandboxDatabase database;

    private Pooler(Process process, SandboxDatabase database) {
        this.process = process;
        this.database = database;
    }

    /** Whether tests can have one: Debian has it in the package pgbouncer. */
    public static boolean isInstalled() {
        return PROGRAMS.stream().anyMatch(Files::isExecutable);
    }

    /** Starts it with this many backends for all clients of one role together. */
    public static Pooler start(SandboxDatabase behind, int backends, Path directory) throws IOException {
        int port = FreePort.choose();
        Path users = Files.writeString(
                directory.resolve("users"),
                Stream.of(Role.REFRESHER, Role.OPTIMIZER, Role.METRICS)
                        .map(role -> "\"%s\" \"%s\"\n".formatted(role.roleName(), behind.password()))
                        .collect(Collectors.joining()));
        Path configuration = Files.writeString(directory.resolve("pgbouncer.ini"), """
            [databases]
            %1$s = host=%2$s port=%3$d dbname=%1$s
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = %4$d
            unix_socket_dir =
            auth_type = scram-sha-256
            auth_file = %5$s
            ignore_startup_parameters = extra_float_digits
            pool_mode = transaction
            default_pool_size = %6$d
            max_client_conn = 100
            server_connect_timeout = 300
            server_login_retry = 1
            client_login_timeout = 300
            query_wait_timeout = 300
            """.formatted(
                        behind.name(), behind.host(), behind.port(), port, users, backends));
        Path log = directory.resolve("pgbouncer.log");
        var process = new ProcessBuilder(command(configuration))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        var pooler = new Pooler(process, new SandboxDatabase("127.0.0.1", port, behind.name(), behind.password()));
        Runtime.getRuntime().addShutdownHook(new Thread(pooler::close, "pgbouncer"));
        Await.until("pgbouncer answers", () -> {
            if (!process.isAlive()) {
                throw new AssertionError("pgbouncer has ended: " + Files.readString(log));
            }
            return answers(port);
        });
        return pooler;
    }

    /** Like PostgreSQL it refuses to be root, and in a user namespace of its own it is not. */
    private static List<String> command(Path configuration) {
        var words = new ArrayList<String>();
        if (System.getProperty("user.name").equals("root")) {
            words.addAll(List.of("unshare", "-U"));
        }
        words.add(PROGRAMS.stream()
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow()
                .toString());
        words.add(configuration.toString());
        return words;
    }

    private static boolean answers(int port) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    /** The database as its clients reach it through the pooler. */
    public SandboxDatabase database() {
        return database;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
