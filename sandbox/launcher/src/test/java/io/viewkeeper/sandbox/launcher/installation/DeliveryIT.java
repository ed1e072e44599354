// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher.installation;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.sandbox.launcher.demo.Deliveries;
import io.viewkeeper.sandbox.launcher.demo.Deliveries.Delivery;
import io.viewkeeper.sandbox.launcher.workbench.EventWatch.Event;
import io.viewkeeper.sandbox.server.Await;
import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.schema.event.EventHeaders;
import io.viewkeeper.schema.event.RefreshCompleted;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** The main job: nine views are refreshed by schedule, and everybody hears of it. */
@Tag("server")
@ResourceLock(Installation.SHARED)
class DeliveryIT {
    private static final String MICROSECONDS = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}Z";

    private static final String LOG_ROW = """
            select l.sequence, l.trigger, l.method, l.data_as_of, l.duration_ms, l.rows_inserted, l.instance
            from analytics.view_refresh_log l
            where l.run_id = ?
            """;

    private static Installation installation;

    @BeforeAll
    static void startEverything() throws Exception {
        installation = Installation.shared();
        var deliveries = installation.deliveries();
        Await.until("complete deliveries", () -> isComplete(now(deliveries)));
    }

    @Test
    void everyViewIsRefreshedByScheduleAndItsEventReachesTopicOptimizerAndMetrics() throws SQLException {
        assertThat(installation.deliveries().now())
                .allSatisfy(delivery -> assertThat(delivery.describe()).isEqualTo(delivery.view() + ": complete"))
                .extracting(Delivery::view)
                .containsExactlyInAnyOrderElementsOf(Installation.VIEWS);
    }

    @Test
    void aPlainConsumerFindsEveryHeader() {
        for (var view : Installation.VIEWS) {
            var event = firstOf(view.toString());
            var payload = Events.payload(event);
            assertThat(event.key())
                    .isEqualTo("sandbox/" + installation.database().name() + "/" + view);
            assertThat(event.headers())
                    .containsEntry(EventHeaders.SPEC_VERSION, "1.0")
                    .containsEntry(
                            EventHeaders.SOURCE,
                            "/viewkeeper/sandbox/" + installation.database().name())
                    .containsEntry(EventHeaders.TYPE, RefreshCompleted.TYPE)
                    .containsEntry(EventHeaders.SUBJECT, view.toString())
                    .containsEntry(EventHeaders.DATA_SCHEMA, RefreshCompleted.DATA_SCHEMA)
                    .containsEntry(
                            EventHeaders.SEQUENCE, payload.path("sequence").asText())
                    .containsEntry(EventHeaders.CONTENT_TYPE, "application/json");
            assertThat(event.header(EventHeaders.TIME)).matches(MICROSECONDS);
            assertThat(UUID.fromString(event.header(EventHeaders.ID))).isNotNull();
        }
    }

    @Test
    void everyPayloadIsWhatTheShippedSchemaPromises() {
        assertThat(installation.watch().events())
                .isNotEmpty()
                .allSatisfy(event ->
                        assertThat(Events.objectionsOfShippedSchema(event)).isEmpty());
    }

    @Test
    void theShippedSchemaObjectsToAPayloadThatLacksAField() {
        var event = firstOf("analytics.claims_daily_summary");
        var shortened = event.value().replaceFirst("\"sizeBytes\":\\d+,?", "");
        assertThat(shortened).isNotEqualTo(event.value());
        assertThat(Events.objectionsOfShippedSchema(
                        new Event(event.key(), event.headers(), shortened, event.receivedAt())))
                .isNotEmpty();
    }

    @Test
    void aPayloadTellsWhatTheLogTells() throws SQLException {
        for (var view : Installation.VIEWS) {
            var payload = Events.payload(firstOf(view.toString()));
            try (var connection = installation.database().connect(Role.OWNER);
                    var statement = connection.prepareStatement(LOG_ROW)) {
                statement.setObject(1, UUID.fromString(payload.path("runId").asText()));
                try (var row = statement.executeQuery()) {
                    assertThat(row.next()).as("a row of the log for " + payload).isTrue();
                    assertThat(payload.path("sequence").asLong()).isEqualTo(row.getLong("sequence"));
                    assertThat(payload.path("trigger").asText()).isEqualTo(row.getString("trigger"));
                    assertThat(payload.path("method").asText()).isEqualTo(row.getString("method"));
                    assertThat(Instant.parse(payload.path("dataAsOf").asText()))
                            .isEqualTo(row.getTimestamp("data_as_of").toInstant());
                    assertThat(payload.path("durationMs").asLong()).isEqualTo(row.getLong("duration_ms"));
                    assertThat(payload.path("rowsInserted").asLong()).isEqualTo(row.getLong("rows_inserted"));
                    assertThat(payload.path("instance").asText()).isEqualTo(row.getString("instance"));
                }
            }
        }
    }

    @Test
    void noRefreshOfTheClaimsViewsBlocksReaders() {
        assertThat(installation.watch().events())
                .filteredOn(event -> event.header(EventHeaders.TYPE).equals(RefreshCompleted.TYPE))
                .extracting(event -> Events.payload(event).path("method").asText())
                .containsOnly("concurrent");
    }

    private static Event firstOf(String view) {
        return installation.watch().events().stream()
                .filter(event -> event.view().equals(view))
                .filter(event -> event.header(EventHeaders.TYPE).equals(RefreshCompleted.TYPE))
                .findFirst()
                .orElseThrow();
    }

    private static List<Delivery> now(Deliveries deliveries) {
        try {
            return deliveries.now();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isComplete(List<Delivery> deliveries) {
        return deliveries.size() == Installation.VIEWS.size()
                && deliveries.stream().allMatch(Delivery::isComplete);
    }
}
