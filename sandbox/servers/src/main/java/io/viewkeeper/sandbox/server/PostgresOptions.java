package io.viewkeeper.sandbox.server;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * How a PostgreSQL server is started.
 *
 * @param directory where its files stay after {@link PostgresServer#close}; empty: a temporary directory, deleted then
 * @param port 0 for any free one
 * @param settings of the server (as in {@code postgresql.conf}), over the sandbox's own. By default {@code fsync} and
 *     {@code full_page_writes} are off: nothing that was committed is lost when PostgreSQL is killed, everything may be when
 *     the machine is.
 */
public record PostgresOptions(Optional<Path> directory, int port, Map<String, String> settings) {

    public PostgresOptions {
        settings = Map.copyOf(settings);
    }

    /** A temporary server on a free port. */
    public static PostgresOptions temporary() {
        return new PostgresOptions(Optional.empty(), 0, Map.of());
    }

    public PostgresOptions withDirectory(Path path) {
        return new PostgresOptions(Optional.of(path), port, settings);
    }

    public PostgresOptions withPort(int chosenPort) {
        return new PostgresOptions(directory, chosenPort, settings);
    }

    public PostgresOptions withSettings(Map<String, String> chosenSettings) {
        return new PostgresOptions(directory, port, chosenSettings);
    }
}
