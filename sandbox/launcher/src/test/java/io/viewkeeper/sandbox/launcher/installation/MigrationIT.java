// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher.installation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viewkeeper.sandbox.launcher.process.Packaging;
import io.viewkeeper.sandbox.launcher.process.Surroundings;
import io.viewkeeper.sandbox.server.PostgresServer;
import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.sandbox.server.SandboxDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The packaged migration in a database that others have used before. */
@Tag("server")
class MigrationIT {
    @TempDir
    private Path directory;

    private Surroundings surroundings(SandboxDatabase database) {
        return new Surroundings(Installation.root(), Packaging.JVM, directory, database, "unused:9092");
    }

    @Test
    void aSchemaOfSomebodyElseIsNamedWithTheGrantToGive() throws Exception {
        isNamedWithTheGrantToGive(
                "analytics", "grant usage, create on schema analytics to viewkeeper_owner with grant option");
    }

    @ParameterizedTest
    @Tag("release")
    @CsvSource({
        "viewkeeper, alter schema viewkeeper owner to viewkeeper_owner",
        "maintenance, 'grant usage, create on schema maintenance to viewkeeper_owner with grant option'"
    })
    void eachOtherSchemaOfSomebodyElseIsNamedToo(String schema, String grant) throws Exception {
        isNamedWithTheGrantToGive(schema, grant);
    }

    private void isNamedWithTheGrantToGive(String schema, String grant) throws Exception {
        var database = PostgresServer.shared().createUnmigratedDatabase("others_" + schema);
        database.execute(
                Role.SUPERUSER,
                "drop schema if exists " + schema + " cascade; create schema " + schema + " authorization postgres");
        assertThatThrownBy(() -> surroundings(database).migrate("core")).hasMessageContaining(grant);
        assertThat(log().lines().filter(line -> line.contains("migration=failed")))
                .hasSize(1);
        assertThat(log()).as("no plumbing").doesNotContain("\tat ").doesNotContain("Caused by");
        database.execute(Role.SUPERUSER, grant);
        surroundings(database).migrate("core");
        assertThat(usable(database, schema)).isTrue();
    }

    @Test
    void aTableOfOurNameIsASentence() throws Exception {
        var database = PostgresServer.shared().createUnmigratedDatabase("others_table");
        database.execute(
                Role.SUPERUSER,
                "create schema maintenance authorization viewkeeper_owner; create table maintenance.index_maintenance_log (i int)");
        assertThatThrownBy(() -> surroundings(database).migrate("core"))
                .hasMessageContaining("index_maintenance_log")
                .hasMessageContaining("already exists");
        assertThat(log()).doesNotContain("\tat ").doesNotContain("Caused by");
    }

    private String log() throws IOException {
        return Files.readString(directory.resolve("migration.log"));
    }

    private static boolean usable(SandboxDatabase database, String schema) throws SQLException {
        try (var connection = database.connect(Role.SUPERUSER);
                var row = connection
                        .createStatement()
                        .executeQuery("select pg_catalog.has_schema_privilege('viewkeeper_refresher', '" + schema
                                + "', 'usage')")) {
            row.next();
            return row.getBoolean(1);
        }
    }
}
