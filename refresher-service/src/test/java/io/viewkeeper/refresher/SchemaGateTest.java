package io.viewkeeper.refresher;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.sqlclient.Pool;
import io.viewkeeper.sandbox.server.Await;
import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.schema.database.Database;
import io.viewkeeper.schema.service.gateway.SchemaGate;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("server")
class SchemaGateTest {
    private final Workshop workshop = new Workshop();
    private final Pool pool = Replica.pool(workshop.database(), Role.REFRESHER);
    private final SchemaGate gate = new SchemaGate(new Database(pool, Await.PATIENCE), Duration.ZERO);

    @Test
    void closesWhenTheSchemaChangesUnderAServiceAndNotWhenTheDatabaseIsAway() {
        try (var log = new LogLines()) {
            assertThat(gate.objection()).isEmpty();
            version("version + 1");
            assertThat(gate.objection())
                    .hasValueSatisfying(reason -> assertThat(reason).contains("run the migration"));
            version("version - 1");
            assertThat(gate.objection()).isEmpty();
            Await.until("closed", () -> pool.close().isComplete());
            assertThat(gate.objection()).as("nobody can be asked").isEmpty();
            assertThat(log.lines())
                    .filteredOn(line -> line.contains("state=waiting"))
                    .hasSize(1);
        }
    }

    private void version(String expression) {
        workshop.asOwner("update viewkeeper.schema_version set version = " + expression);
    }
}
