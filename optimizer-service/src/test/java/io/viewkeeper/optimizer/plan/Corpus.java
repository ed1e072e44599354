package io.viewkeeper.optimizer.plan;

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
        return Arrays.stream(resource("/plans/statements.sql").split("(?m)^-- ", -1))
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

    /** The plan as the server wrote it; what the statement did is rolled back. */
    static String explain(Connection connection, Entry entry) throws SQLException {
        connection.setAutoCommit(false);
        try (var statement = connection.createStatement()) {
            for (String setting : entry.settings()) {
                statement.execute(setting.replace("set ", "set local "));
            }
            return explained(statement, "explain (FORMAT JSON, " + entry.options() + ") " + entry.sql());
        } finally {
            connection.rollback();
        }
    }

    private static String explained(Statement statement, String sql) throws SQLException {
        try (var result = statement.executeQuery(sql)) {
            result.next();
            return result.getString(1);
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
