// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.viewkeeper.sandbox.server.PostgresServer;
import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.sandbox.server.SandboxDatabase;
import io.viewkeeper.schema.sql.SqlLexer;
import io.viewkeeper.schema.sql.SqlToken;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes the plans of the fixtures, and those in the pages, on a fresh database of PostgreSQL 18 each: setup.sql, then
 * positive.sql, then negative.sql. Of the latter two the last statement is explained, and rolled back; what stands before it
 * (settings, a new index) is done first, each time. Each is run twice and the second plan kept. A page shows the same statement
 * as text: without BUFFERS, unless the file holds the comment {@code -- page: buffers}.
 */
public final class FindingFixtures {
    private static final String AS_JSON = "explain (analyze, buffers, verbose, settings, format json) ";
    private static final String AS_TEXT = "explain (analyze, buffers off) ";
    private static final String AS_TEXT_WITH_BUFFERS = "explain (analyze, buffers) ";
    private static final ObjectMapper JSON = new ObjectMapper();

    private FindingFixtures() {}

    /** @param rules ids of the rules whose plans to make; none: all */
    public static void main(String[] rules) throws SQLException, IOException {
        for (String rule : rules.length == 0 ? Fixture.all() : List.of(rules)) {
            make(Fixture.of(rule));
        }
        // The server's threads would keep the JVM alive.
        System.exit(0);
    }

    private static void make(Fixture fixture) throws SQLException, IOException {
        String name = "findings_" + UUID.randomUUID().toString().substring(0, 8);
        var database = PostgresServer.shared().createUnmigratedDatabase(name);
        try (var connection = database.connect(Role.SUPERUSER)) {
            run(connection, statements(fixture.read("setup.sql")));
        }
        make(fixture, database, "positive", "Before");
        make(fixture, database, "negative", "After");
    }

    private static void make(Fixture fixture, SandboxDatabase database, String side, String heading)
            throws SQLException, IOException {
        String script = fixture.read(side + ".sql");
        var statements = statements(script);
        var preparation = statements.subList(0, statements.size() - 1);
        try (var connection = database.connect(Role.SUPERUSER)) {
            explain(connection, preparation, AS_JSON + statements.getLast());
            String json = explain(connection, preparation, AS_JSON + statements.getLast());
            Files.writeString(fixture.folder().resolve(side + ".json"), pretty(json));
            String options = script.contains("-- page: buffers") ? AS_TEXT_WITH_BUFFERS : AS_TEXT;
            String text = explain(connection, preparation, options + statements.getLast());
            System.out.println("== " + fixture.rule() + ", " + side + "\n" + text + "\n");
            show(fixture, heading, text);
        }
    }

    static String explain(Connection connection, List<String> preparation, String explain) throws SQLException {
        run(connection, preparation);
        connection.setAutoCommit(false);
        var lines = new ArrayList<String>();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(explain)) {
            while (rows.next()) {
                lines.add(rows.getString(1));
            }
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
        return String.join("\n", lines);
    }

    static void run(Connection connection, List<String> statements) throws SQLException {
        try (var statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** One by one, so that VACUUM stands alone. */
    static List<String> statements(String script) {
        var statements = new ArrayList<String>();
        var statement = new StringBuilder();
        for (SqlToken token : SqlLexer.tokens(script)) {
            if (token.isPunctuation(";")) {
                statements.add(statement.toString().strip());
                statement.setLength(0);
            } else if (token.kind() != SqlToken.Kind.COMMENT) {
                statement.append(token.text());
            }
        }
        if (!statement.toString().isBlank()) {
            throw new IllegalArgumentException("A statement does not end with a semicolon: " + statement);
        }
        return statements;
    }

    static String pretty(String json) throws IOException {
        var indenter = new DefaultIndenter(" ", "\n");
        var printer = new DefaultPrettyPrinter().withObjectIndenter(indenter);
        return JSON.writer(printer).writeValueAsString(JSON.readTree(json)) + "\n";
    }

    private static void show(Fixture fixture, String heading, String plan) throws IOException {
        if (!Files.exists(fixture.page())) {
            return;
        }
        var block = Pattern.compile("(\n## " + heading + "\n.*?```text\n).*?(```)", Pattern.DOTALL);
        String page = Files.readString(fixture.page());
        String shown = block.matcher(page)
                .replaceFirst(found -> Matcher.quoteReplacement(found.group(1) + plan + "\n" + found.group(2)));
        Files.writeString(fixture.page(), shown);
    }
}
