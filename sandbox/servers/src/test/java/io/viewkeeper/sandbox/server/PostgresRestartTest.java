// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("server")
@Tag("release")
class PostgresRestartTest {

    @Test
    void comesBackOnTheSamePortWithItsDataAndLosesNothingCommittedWhenKilled() throws SQLException {
        try (var server = PostgresServer.start(PostgresOptions.temporary())) {
            var database = server.database("postgres");
            int port = server.port();
            database.execute(Role.SUPERUSER, "create table kept (how text)");

            database.execute(Role.SUPERUSER, "insert into kept values ('restarted')");
            server.restart();
            assertThat(server.port()).isEqualTo(port);
            assertThat(rows(database)).isEqualTo(1);

            database.execute(Role.SUPERUSER, "insert into kept values ('killed')");
            server.kill();
            assertThat(answers(database)).isFalse();
            server.restart();
            assertThat(server.port()).isEqualTo(port);
            assertThat(rows(database)).isEqualTo(2);

            server.stop();
            assertThat(answers(database)).isFalse();
            server.restart();
            assertThat(rows(database)).isEqualTo(2);
        }
    }

    @Test
    void aChosenDirectoryServesTheNextServerToo(@TempDir Path directory) throws SQLException {
        var options = PostgresOptions.temporary().withDirectory(directory);
        String password;
        try (var server = PostgresServer.start(options)) {
            server.createDatabase("claims", MigrationOptions.core());
            password = server.database("claims").password();
        }
        try (var server = PostgresServer.start(options)) {
            assertThat(server.database("claims").password()).isEqualTo(password);
            assertThat(answers(server.database("claims"))).isTrue();
        }
    }

    @Test
    void aTemporaryDirectoryIsGoneAfterClose() throws SQLException {
        Path data;
        try (var server = PostgresServer.start(PostgresOptions.temporary())) {
            data = Path.of(show(server.database("postgres"), "data_directory"));
            assertThat(data).isDirectory();
        }
        assertThat(Files.exists(data.resolveSibling(""))).isFalse();
    }

    @Test
    void chosenSettingsGoOverThoseOfTheSandbox() throws SQLException {
        var options = PostgresOptions.temporary()
                .withSettings(Map.of("fsync", "on", "log_line_prefix", "%m with spaces ", "max_connections", "20"));
        try (var server = PostgresServer.start(options)) {
            var database = server.database("postgres");
            assertThat(show(database, "fsync")).isEqualTo("on");
            assertThat(show(database, "log_line_prefix")).isEqualTo("%m with spaces ");
            assertThat(show(database, "max_connections")).isEqualTo("20");
            assertThat(show(database, "synchronous_commit")).isEqualTo("on");
            assertThat(show(database, "shared_preload_libraries")).isEqualTo("pg_stat_statements");
            assertThat(show(database, "log_timezone")).isEqualTo("UTC");
        }
    }

    private static boolean answers(SandboxDatabase database) {
        try {
            database.execute(Role.SUPERUSER, "select 1");
            return true;
        } catch (SQLException refused) {
            return false;
        }
    }

    private static int rows(SandboxDatabase database) throws SQLException {
        try (var connection = database.connect(Role.SUPERUSER);
                var statement = connection.createStatement();
                var rows = statement.executeQuery("select count(*) from kept")) {
            rows.next();
            return rows.getInt(1);
        }
    }

    private static String show(SandboxDatabase database, String setting) throws SQLException {
        try (var connection = database.connect(Role.SUPERUSER);
                var statement = connection.createStatement();
                var rows = statement.executeQuery("select current_setting('" + setting + "')")) {
            rows.next();
            return rows.getString(1);
        }
    }
}
