// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.plan;

import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.sandbox.server.SandboxDatabase;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Statements that make the server show all that it can put in a plan ({@code plans/statements.sql}), and the plans that
 * servers of version 10 to 18 made of them ({@code plans/pg10} …, by {@link StorePlans}).
 */
final class Corpus {
    private Corpus() {}

    /**
     * One statement.
     *
     * @param options of EXPLAIN, besides the format
     * @param settings each a SET statement
     * @param since the first major version that plans it so
     */
    record Entry(String name, String options, List<String> settings, int since, String sql) {
        private static Entry of(String block) {
            int line = block.indexOf('\n');
            var parts = Arrays.stream(block.substring(0, line).split(";", -1))
                    .map(String::strip)
                    .toList();
            int since = parts.stream()
                    .filter(part -> part.startsWith("since "))
                    .mapToInt(part -> Integer.parseInt(part.substring(6)))
                    .findFirst()
                    .orElse(10);
            var settings = parts.stream()
                    .skip(2)
                    .filter(part -> part.startsWith("set "))
                    .toList();
            return new Entry(
                    parts.get(0),
                    parts.get(1),
                    settings,
                    since,
                    block.substring(line).strip());
        }

        boolean measured() {
            return options.contains("ANALYZE") && !options.contains("TIMING OFF");
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static List<Entry> entries() {
        return entries("/plans/statements.sql");
    }

    /** More of them, for what formats differ in. */
    static List<Entry> moreEntries() {
        return entries("/plans/more-statements.sql");
    }

    private static List<Entry> entries(String name) {
        return Arrays.stream(resource(name).split("(?m)^-- ", -1))
                .filter(block -> !block.isBlank())
                .map(Entry::of)
                .toList();
    }

    /** The tables that the statements need. */
    static void setUp(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(resource("/plans/setup.sql"));
        }
    }

    /** Those that more statements need; the foreign table is one of the same database. */
    static void setUpMore(SandboxDatabase database, Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(resource("/plans/more-setup.sql"));
            statement.execute(
                    """
                    create extension postgres_fdw;
                    create server itself foreign data wrapper postgres_fdw options (host '127.0.0.1', port '%s', dbname '%s');
                    create user mapping for current_user server itself options (user '%s', password '%s');
                    create foreign table shop.remote (a int, b text) server itself options (schema_name 'shop', table_name 'distant');
                    """.formatted(database.port(), database.name(), Role.SUPERUSER.roleName(), database.password()));
        }
    }

    /** The plan as the server wrote it; what the statement did is rolled back. */
    static String explain(Connection connection, Entry entry) throws SQLException {
        return explain(connection, entry, "FORMAT JSON, " + entry.options());
    }

    static String explain(Connection connection, Entry entry, String options) throws SQLException {
        connection.setAutoCommit(false);
        try (var statement = connection.createStatement()) {
            for (String setting : entry.settings()) {
                statement.execute(setting.replace("set ", "set local "));
            }
            return explained(statement, "explain (" + options + ") " + entry.sql());
        } finally {
            connection.rollback();
        }
    }

    private static String explained(Statement statement, String sql) throws SQLException {
        try (var result = statement.executeQuery(sql)) {
            var lines = new ArrayList<String>();
            while (result.next()) {
                lines.add(result.getString(1));
            }
            return String.join("\n", lines);
        }
    }

    /** Every stored plan. */
    static List<Stored> stored() {
        try (var files = Files.walk(directory())) {
            var stored = new ArrayList<Stored>();
            for (Path file : files.filter(path -> path.toString().endsWith(".json"))
                    .sorted()
                    .toList()) {
                stored.add(new Stored(directory().relativize(file).toString(), Files.readString(file)));
            }
            return stored;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Every stored plan, or those of the versions that {@code viewkeeper.corpus} names: a mutation test has no time for more. */
    static List<Stored> sample() {
        var versions = List.of(System.getProperty("viewkeeper.corpus", "pg").split(",", -1));
        return stored().stream()
                .filter(one -> versions.stream().anyMatch(one.name()::startsWith))
                .toList();
    }

    record Stored(String name, String json) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Path directory() {
        try {
            URI place = Objects.requireNonNull(Corpus.class.getResource("/plans/setup.sql"))
                    .toURI();
            return Objects.requireNonNull(Path.of(place).getParent());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String resource(String name) {
        try (InputStream in = Corpus.class.getResourceAsStream(name)) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
