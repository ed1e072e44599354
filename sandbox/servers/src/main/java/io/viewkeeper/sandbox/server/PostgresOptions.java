// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.server;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How a PostgreSQL server is started.
 *
 * @param version of the server
 * @param directory where its files stay after {@link PostgresServer#close}; empty: a temporary directory, deleted then. A
 *     server in a container keeps nothing.
 * @param port 0 for any free one
 * @param settings of the server (as in {@code postgresql.conf}), over the sandbox's own. By default {@code fsync} and
 *     {@code full_page_writes} are off: nothing that was committed is lost when PostgreSQL is killed, everything may be when
 *     the machine is.
 */
public record PostgresOptions(
        PostgresVersion version, Optional<Path> directory, int port, Map<String, String> settings) {

    // Nothing committed is lost when the server is killed: the operating system still has what was written. So
    // synchronous_commit stays on, which costs one write() as long as fsync is off.
    private static final Map<String, String> SANDBOX_SETTINGS = Map.ofEntries(
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

    public PostgresOptions {
        settings = Map.copyOf(settings);
    }

    /** A temporary server on a free port. */
    public static PostgresOptions temporary() {
        return version(PostgresVersion.newest());
    }

    /** A temporary server of this version on a free port. */
    public static PostgresOptions version(PostgresVersion version) {
        return new PostgresOptions(version, Optional.empty(), 0, Map.of());
    }

    public PostgresOptions withDirectory(Path path) {
        return new PostgresOptions(version, Optional.of(path), port, settings);
    }

    public PostgresOptions withPort(int chosenPort) {
        return new PostgresOptions(version, directory, chosenPort, settings);
    }

    public PostgresOptions withSettings(Map<String, String> chosenSettings) {
        return new PostgresOptions(version, directory, port, chosenSettings);
    }

    /** All settings: the sandbox's own, and the chosen ones over them. */
    Map<String, String> serverSettings() {
        var all = new HashMap<>(SANDBOX_SETTINGS);
        all.putAll(settings);
        return Map.copyOf(all);
    }
}
