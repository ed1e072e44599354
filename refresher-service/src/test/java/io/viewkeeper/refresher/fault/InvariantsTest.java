// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.sandbox.server.PostgresServer;
import io.viewkeeper.sandbox.server.Role;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The negative control of the whole suite: what is wrong is found. */
@Tag("server")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InvariantsTest {
    private final Scene scene = new Scene(PostgresServer.shared().migratedDatabase());

    @BeforeAll
    void refresh() throws SQLException {
        scene.settleAndCheck();
    }

    @AfterAll
    void close() {
        scene.close();
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "delete from analytics.view_refresh_log where view_name = 'v1' and sequence = 1 | tells of no run",
                "delete from viewkeeper.event_outbox where aggregatetype = 'refresh' and aggregateid = 'w.v1' and sequence = 1 | no event tells of v1 1",
                "update viewkeeper.event_outbox set sequence = 7 where aggregateid = 'w.v1' and sequence = 2 | gap or disorder in the outbox",
                "update viewkeeper.event_outbox set sequence = 3 - sequence where aggregateid = 'w.v1' | gap or disorder in the outbox",
                "update analytics.view_refresh_log set sequence = 7 where view_name = 'v1' and sequence = 2 | gap or disorder in the history",
                "delete from viewkeeper.event_outbox where aggregatetype = 'view-state' and aggregateid = 'w.v1' and sequence = 1 | gap or disorder in the outbox",
                "insert into viewkeeper.event_outbox (id, aggregatetype, aggregateid, type, sequence, payload) select gen_random_uuid(), aggregatetype, aggregateid, type, sequence, payload from viewkeeper.event_outbox where aggregatetype = 'refresh' limit 1 | several events tell of the run",
                "update viewkeeper.view_state set next_due_at = null where view_name = 'v1' | nobody will ever refresh v1",
                "update viewkeeper.view_state set last_run_id = gen_random_uuid() where view_name = 'v1' | the state of v1",
                "insert into viewkeeper.refresh_run (run_id, view_schema, view_name, view_oid, view_group, trigger, attempt, scheduled_at, instance, process_id) values (gen_random_uuid(), 'w', 'v1', 0, 'g', 'schedule', 1, now(), 'x', gen_random_uuid()) | a run that nobody has settled",
                "refresh materialized view w.mark | the data of w.mark",
            })
    void aPlantedFaultIsFound(String fault, String found) throws SQLException {
        try (var connection = scene.workshop().database().connect(Role.SUPERUSER)) {
            connection.setAutoCommit(false);
            connection.createStatement().execute(fault);
            assertThat(Invariants.violations(connection)).isNotEmpty().anyMatch(violation -> violation.contains(found));
            connection.rollback();
            assertThat(Invariants.violations(connection)).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"v1", "v2", "v3", "top"})
    void aViewThatLagsIsFound(String view) throws SQLException {
        try (var connection = scene.workshop().database().connect(Role.SUPERUSER)) {
            connection.setAutoCommit(false);
            connection
                    .createStatement()
                    .execute(
                            "update w.base set v = v + 1; refresh materialized view w.v1; update w.base set v = v + 1");
            assertThat(Invariants.stale(connection)).contains("w." + view + " does not show what its query gives");
            connection.rollback();
            assertThat(Invariants.stale(connection)).isEmpty();
        }
    }
}
