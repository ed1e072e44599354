// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.sandbox.server.PostgresServer;
import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.sandbox.server.SandboxDatabase;
import io.viewkeeper.schema.sql.SqlLexer;
import io.viewkeeper.schema.sql.SqlToken;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the server takes for one literal, the lexer does. */
@Tag("server")
class SqlLexerServerTest {
    private static final String SIGNS = "ab'\\\"$-/* \n;?1é日";
    private static SandboxDatabase database;

    @BeforeAll
    static void start() {
        database = PostgresServer.shared().createUnmigratedDatabase("lexer_" + UUID.randomUUID());
    }

    @Test
    void randomLiteralsAreOneTokenEachAndComeBackFromTheServer() throws SQLException {
        var random = new Random(7);
        for (int round = 0; round < 20; round++) {
            var literals = new ArrayList<String>();
            var values = new ArrayList<String>();
            for (int i = 0; i < 50; i++) {
                String value = value(random);
                values.add(value);
                literals.add(literal(value, random));
            }
            String sql = "select " + String.join(",", literals);
            assertThat(SqlLexer.meaning(sql).stream()
                            .filter(SqlToken::isLiteral)
                            .map(SqlToken::text))
                    .containsExactlyElementsOf(literals);
            assertThat(firstRow(sql)).isEqualTo(values);
        }
    }

    @Test
    void aStringThatGoesOnInTheNextLineIsReadAsItBegan() throws SQLException {
        String sql = "select E'a' -- why\n\t'b\\'c'\n'\\'d'";
        assertThat(firstRow(sql)).containsExactly("ab'c'd");
        assertThat(Redaction.of(sql)).doesNotContain("b\\").doesNotContain("'c").contains("select ?");
    }

    @Test
    void numbersOfEverySpellingAreNumbers() throws SQLException {
        List<String> numbers =
                List.of("1", "1.", ".5", "1.5", "1e5", "1.e-2", "1_000", "0x1F", "0o17", "0b101", "0x_1f");
        String sql = "select " + String.join(",", numbers);
        assertThat(firstRow(sql)).hasSameSizeAs(numbers);
        assertThat(SqlLexer.meaning(sql).stream().filter(SqlToken::isLiteral).map(SqlToken::text))
                .containsExactlyElementsOf(numbers);
    }

    @Test
    void operatorsEndWhereTheServersDo() throws SQLException {
        assertThat(firstRow("select 3=-1, 3<>+-1, 2*-3, 5/-3, 1--2\n")).hasSize(5);
        assertThat(SqlLexer.meaning("2*-3")).extracting(SqlToken::text).containsExactly("2", "*", "-", "3");
    }

    private static String value(Random random) {
        var value = new StringBuilder();
        int length = random.nextInt(12);
        for (int i = 0; i < length; i++) {
            value.append(SIGNS.charAt(random.nextInt(SIGNS.length())));
        }
        return value.toString();
    }

    private static String literal(String value, Random random) {
        String doubled = value.replace("'", "''");
        return switch (random.nextInt(6)) {
            case 0 -> "E'" + doubled.replace("\\", "\\\\") + "'";
            case 1 -> "e'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'";
            case 2 -> "$tag$" + value + "$tag$";
            case 3 -> "U&'" + doubled.replace("\\", "\\\\") + "'";
            case 4 -> value.contains("$") ? "'" + doubled + "'" : "$$" + value + "$$";
            default -> "'" + doubled + "'";
        };
    }

    private static List<String> firstRow(String sql) throws SQLException {
        try (var connection = DriverManager.getConnection(database.jdbcUrl(Role.SUPERUSER));
                var statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            try (ResultSet row = statement.executeQuery(sql)) {
                row.next();
                var values = new ArrayList<String>();
                for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                    values.add(row.getString(i));
                }
                return values;
            }
        }
    }
}
