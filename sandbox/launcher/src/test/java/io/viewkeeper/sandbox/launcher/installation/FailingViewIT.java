// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher.installation;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.sandbox.launcher.workbench.EventWatch.Event;
import io.viewkeeper.sandbox.server.Await;
import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.schema.event.EventHeaders;
import io.viewkeeper.schema.event.RefreshFailed;
import io.viewkeeper.schema.event.ViewName;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** One view's failure touches no other. */
@Tag("server")
@ResourceLock(Installation.SHARED)
class FailingViewIT {
    /** Two slow cores run everything at once here: how late a refresh may start and still be on time. */
    private static final Duration SLACK = Duration.ofSeconds(10);

    private static final ViewName FAILING = new ViewName("analytics", "queue_depth_metrics_realtime");
    private static final String TAKE_AWAY = "revoke select on staging.processing_queue from viewkeeper_refresher";
    private static final String GIVE_BACK = "grant select on staging.processing_queue to viewkeeper_refresher";

    private static final String FAILED_ROW = """
            select l.run_id, l.sqlstate, l.error_category, l.error_message
            from analytics.view_refresh_log l
            where l.view_schema = ? and l.view_name = ? and l.status = 'failed' and l.started_at > ?
            order by l.sequence
            limit 1
            """;

    private static final String OTHERS_ON_TIME = """
            select count(distinct l.view_name) as views
            from (
              select r.view_name, count(*) as runs
              from analytics.view_refresh_log r
              where r.status = 'completed' and r.trigger = 'schedule' and r.scheduled_at > ?
                and r.started_at - r.scheduled_at < ? * interval '1 second'
              group by r.view_name
            ) l
            where l.runs >= 2 and l.view_name <> ?
            """;

    private static final String COMPLETED_SINCE = """
            select exists (
              select from analytics.view_refresh_log l
              where l.view_schema = ? and l.view_name = ? and l.status = 'completed' and l.started_at > ?)
            """;

    private Installation installation;
    private Instant before;

    @BeforeEach
    void makeOneViewFail() throws Exception {
        installation = Installation.shared();
        before = serverTime();
        installation.database().execute(Role.OWNER, TAKE_AWAY);
    }

    @AfterEach
    void makeItWorkAgain() throws SQLException {
        installation.database().execute(Role.OWNER, GIVE_BACK);
    }

    @Test
    void aFailedRefreshWritesItsLogRowAndItsEventAndTheOtherEightAreRefreshedOnTime() throws Exception {
        Await.until("a failed row in the log", () -> failedRun().isPresent());
        var failed = failedRun().orElseThrow();
        assertThat(failed.sqlState()).isEqualTo("42501");
        assertThat(failed.category()).isEqualTo("insufficient_privilege");
        assertThat(failed.message()).contains("processing_queue");

        Await.until("its refresh-failed event", () -> eventOf(failed).isPresent());
        var event = eventOf(failed).orElseThrow();
        assertThat(event.header(EventHeaders.TYPE)).isEqualTo(RefreshFailed.TYPE);
        assertThat(Events.objectionsOfShippedSchema(event)).isEmpty();
        var payload = Events.payload(event);
        assertThat(payload.path("error").path("category").asText()).isEqualTo("insufficient_privilege");
        assertThat(payload.path("error").path("sqlState").asText()).isEqualTo("42501");
        assertThat(payload.path("consecutiveFailures").asInt()).isPositive();

        Await.until(
                "the other views are refreshed on time, twice", () -> othersOnTime() == Installation.VIEWS.size() - 1);

        installation.database().execute(Role.OWNER, GIVE_BACK);
        var repaired = serverTime();
        Await.until("the view recovers by itself", () -> isCompletedSince(repaired));
    }

    private record FailedRun(UUID runId, String sqlState, String category, String message) {}

    private Optional<FailedRun> failedRun() {
        try (var connection = installation.database().connect(Role.OWNER);
                var statement = connection.prepareStatement(FAILED_ROW)) {
            statement.setString(1, FAILING.schema());
            statement.setString(2, FAILING.name());
            statement.setTimestamp(3, java.sql.Timestamp.from(before));
            try (var row = statement.executeQuery()) {
                return row.next()
                        ? Optional.of(new FailedRun(
                                row.getObject("run_id", UUID.class),
                                row.getString("sqlstate"),
                                row.getString("error_category"),
                                row.getString("error_message")))
                        : Optional.empty();
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private Optional<Event> eventOf(FailedRun run) {
        return Events.of(FAILING, installation.watch().events()).stream()
                .filter(event -> Events.payload(event)
                        .path("runId")
                        .asText()
                        .equals(run.runId().toString()))
                .findFirst();
    }

    private long othersOnTime() {
        try (var connection = installation.database().connect(Role.OWNER);
                var statement = connection.prepareStatement(OTHERS_ON_TIME)) {
            statement.setTimestamp(1, java.sql.Timestamp.from(before));
            statement.setLong(2, SLACK.toSeconds());
            statement.setString(3, FAILING.name());
            try (var row = statement.executeQuery()) {
                row.next();
                return row.getLong("views");
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private boolean isCompletedSince(Instant moment) {
        try (var connection = installation.database().connect(Role.OWNER);
                var statement = connection.prepareStatement(COMPLETED_SINCE)) {
            statement.setString(1, FAILING.schema());
            statement.setString(2, FAILING.name());
            statement.setTimestamp(3, java.sql.Timestamp.from(moment));
            try (var row = statement.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private Instant serverTime() throws SQLException {
        try (var connection = installation.database().connect(Role.OWNER);
                var statement = connection.createStatement();
                var row = statement.executeQuery("select pg_catalog.clock_timestamp()")) {
            row.next();
            return row.getTimestamp(1).toInstant();
        }
    }
}
