// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.sqlclient.Pool;
import io.viewkeeper.sandbox.server.Await;
import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.schema.database.Database;
import io.viewkeeper.schema.database.SchemaVersion;
import io.viewkeeper.schema.service.gateway.SchemaGate;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("server")
class SchemaGateTest {
    private final Workshop workshop = new Workshop();
    private final Pool pool = Replica.pool(workshop.database(), Role.REFRESHER);
    private final SchemaGate gate = new SchemaGate(new Database(pool, Await.PATIENCE), Duration.ZERO);

    /** A migration comes first, and the services follow one by one. */
    @Test
    void anOlderServiceWorksOnANewerSchemaAsLongAsTheMigrationSaysSo() {
        assertThat(gate.objection()).isEmpty();
        schema(SchemaVersion.KNOWN + 2, SchemaVersion.KNOWN);
        assertThat(gate.objection()).isEmpty();
        schema(SchemaVersion.KNOWN + 2, SchemaVersion.KNOWN + 1);
        assertThat(gate.objection())
                .hasValueSatisfying(reason -> assertThat(reason)
                        .contains(
                                "schema version " + (SchemaVersion.KNOWN + 2),
                                "this one knows " + SchemaVersion.KNOWN));
    }

    @Test
    void aNewerServiceWaitsForItsSchema() {
        schema(SchemaVersion.KNOWN - 1, 1);
        assertThat(gate.objection())
                .hasValueSatisfying(reason -> assertThat(reason).contains("run the migration"));
        schema(SchemaVersion.KNOWN, 1);
        assertThat(gate.objection()).isEmpty();
    }

    /** Nor does one that was written before there was a range. */
    @Test
    void aSchemaWithoutARangeIsTooOld() {
        workshop.asOwner("alter table viewkeeper.schema_version drop column oldest_reader cascade");
        assertThat(gate.objection())
                .hasValueSatisfying(reason -> assertThat(reason).contains("run the migration"));
    }

    @Test
    void saysOnceThatItClosesAndStaysOpenWhileTheDatabaseIsAway() {
        try (var log = new LogLines()) {
            assertThat(gate.objection()).isEmpty();
            schema(SchemaVersion.KNOWN + 1, SchemaVersion.KNOWN + 1);
            assertThat(gate.objection()).isPresent();
            assertThat(gate.objection()).isPresent();
            schema(SchemaVersion.KNOWN, 1);
            assertThat(gate.objection()).isEmpty();
            Await.until("closed", () -> pool.close().isComplete());
            assertThat(gate.objection()).as("nobody can be asked").isEmpty();
            assertThat(log.lines())
                    .filteredOn(line -> line.contains("state=waiting"))
                    .hasSize(1);
        }
    }

    private void schema(int version, int oldestReader) {
        workshop.asOwner(
                "update viewkeeper.schema_version set version = " + version + ", oldest_reader = " + oldestReader);
    }
}
