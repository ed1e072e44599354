// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.api;

import static io.restassured.RestAssured.given;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.viewkeeper.refresher.Gate;
import io.viewkeeper.refresher.Replica;
import io.viewkeeper.refresher.Settings;
import io.viewkeeper.refresher.Workshop;
import io.viewkeeper.refresher.command.ViewCommands;
import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.sandbox.server.SandboxDatabase;
import io.viewkeeper.schema.event.ViewName;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** What is due and has not begun says why, over HTTP and in SQL. The service that is asked refreshes nothing itself. */
@Tag("server")
@Isolated("the load that it looks at is the whole server's")
@QuarkusTest
@WithTestResource(CommandServers.class)
class WaitingTest {
    private static final Duration HOUR = Duration.ofHours(1);

    @Nullable
    SandboxDatabase injectedDatabase;

    private SandboxDatabase database() {
        return requireNonNull(injectedDatabase);
    }

    @BeforeEach
    void noViews() {
        new Tables(injectedDatabase).clear();
    }

    @AfterEach
    void dropViews() throws SQLException {
        database().execute(Role.OWNER, "drop schema if exists w cascade; delete from viewkeeper.refresher_process");
    }

    private void assertWaits(String view, String reason, String detail) {
        given().get("/views/w." + view)
                .then()
                .statusCode(200)
                .body("waitsFor.reason", equalTo(reason))
                .body("waitsFor.detail", equalTo(detail));
        assertThat(new Tables(injectedDatabase)
                        .value("select waits_for from analytics.view_freshness where matviewname = ?", view))
                .isEqualTo(reason + ": " + detail);
    }

    private void assertWaitsForNothing(String view) {
        given().urlEncodingEnabled(false)
                .get("/views/w." + view)
                .then()
                .statusCode(200)
                .body("waitsFor", nullValue());
        assertThat(new Tables(injectedDatabase)
                        .column(
                                "select waits_for from analytics.view_freshness where matviewname = ?",
                                view.replace("%22", "")))
                .containsExactly((String) null);
    }

    @Test
    void forAnInputThatIsBeingRefreshed() {
        var workshop = new Workshop(database());
        var gate = Gate.in(workshop, "gate");
        workshop.view("base", "select 1 as k, " + gate.call() + " as gate").view("top", "select k from w.base");
        try (var replica = new Replica(database(), new Settings().group("g", "w.*"))) {
            replica.turn();
            assertWaitsForNothing("top");
            gate.close();
            replica.advance(HOUR);
            makeAllDue(workshop);
            replica.begin();
            workshop.awaitRefreshOf("base");
            replica.begin();
            assertWaits("top", "input", "w.base, which it reads, is being refreshed");
            assertWaitsForNothing("base");
            given().get("/groups/g")
                    .then()
                    .statusCode(200)
                    .body("status.running", equalTo(1))
                    .body("status.waiting", equalTo(1))
                    .body("views.find { it.name == 'top' }.waitsFor.reason", equalTo("input"))
                    .body("views.find { it.name == 'base' }.waitsFor", nullValue());
            gate.open();
            replica.end();
            assertThat(workshop.strings("select wait_reason from viewkeeper.view_state where wait_reason is not null"))
                    .isEmpty();
            assertWaitsForNothing("top");
        }
    }

    @Test
    void forAnInputOfTheSameRound() {
        var workshop = new Workshop(database());
        var gate = Gate.in(workshop, "gate");
        workshop.view("base", "select 1 as k, " + gate.call() + " as gate")
                .view("middle", "select k from w.base")
                .view("top", "select k from w.middle");
        try (var replica = new Replica(database(), new Settings().group("g", "w.*"))) {
            gate.close();
            replica.begin();
            workshop.awaitRefreshOf("base");
            replica.begin();
            assertWaits("middle", "input", "w.base, which it reads, is being refreshed");
            assertWaits("top", "input", "w.middle, which it reads, is due in the same round");
            gate.open();
        }
    }

    /** It is not due before that one is resumed. */
    @Test
    void forASuspendedMemberOfItsGroup() {
        var workshop = new Workshop(database());
        workshop.view("\"a.b\"", "select 1 as k").view("c", "select 1 as k");
        try (var replica =
                new Replica(database(), new Settings().group("g", "w.*").with("groups.g.consistent", "true"))) {
            replica.turn();
            var member = new ViewName("w", "a.b");
            replica.database().inTransaction(session -> ViewCommands.suspend(session, member, "alice", null));
            assertThat(replica.turn()).isEmpty();
            assertWaits("c", "group", "w.\"a.b\" of its consistent group is suspended");
            assertWaitsForNothing("%22a.b%22");
            replica.database().inTransaction(session -> ViewCommands.resume(session, member));
            assertThat(replica.turn()).hasSize(2);
            assertWaitsForNothing("c");
        }
    }

    @Test
    void forLoadToFallAndForAnInputThatDoes() throws SQLException {
        var workshop = new Workshop(database())
                .asRefresher("create materialized view w.low as select 1 as k with no data;"
                        + " create materialized view w.high as select k from w.low with no data");
        database().execute(Role.SUPERUSER, "grant pg_read_all_stats to viewkeeper_refresher");
        var settings = new Settings()
                .group("low", "w.low")
                .with("groups.low.plain-refresh", "always")
                .group("high", "w.high")
                .with("groups.high.plain-refresh", "always")
                .with("groups.high.priority", "1")
                .with("load.max-active-backends", "0");
        try (var replica = new Replica(database(), settings);
                Connection busy = database().connect(Role.SUPERUSER)) {
            busy.createStatement().execute("set application_name = 'somebody'");
            Thread.ofVirtual().start(() -> sleepInPostgres(busy));
            workshop.awaitSession("somebody", "active");
            assertThat(replica.turn()).isEmpty();
            assertWaits("low", "load", "more than 0 sessions are active");
            assertWaits("high", "input", "w.low, which it reads, has no data yet");
            workshop.strings(
                    "select pg_cancel_backend(pid)::text from pg_stat_activity where application_name = 'somebody'");
            workshop.awaitSession("somebody", "idle");
            assertThat(replica.turn()).hasSize(2);
            assertWaitsForNothing("low");
            assertWaitsForNothing("high");
        } finally {
            database().execute(Role.SUPERUSER, "revoke pg_read_all_stats from viewkeeper_refresher");
        }
    }

    private static void sleepInPostgres(Connection connection) {
        try {
            connection.createStatement().execute("select pg_sleep(3600)");
        } catch (SQLException cancelled) {
            // As the test wants it.
        }
    }

    @Test
    void forAPlace() {
        var workshop = new Workshop(database());
        var gate = Gate.in(workshop, "gate");
        workshop.view("first", "select 1 as k, " + gate.call() + " as gate").view("second", "select 1 as k");
        var settings =
                new Settings().group("g", "w.second").group("high", "w.first").with("groups.high.priority", "7");
        try (var replica = Replica.oneAtATime(database(), settings)) {
            replica.turn();
            gate.close();
            makeAllDue(workshop);
            replica.advance(HOUR);
            replica.begin();
            workshop.awaitRefreshOf("first");
            replica.begin();
            assertWaits(
                    "second",
                    "place",
                    "refreshes under way take all places, and views of a higher priority or an earlier due time come first");
            gate.open();
        }
    }

    @Test
    void forARefresherThatLives() {
        var workshop = new Workshop(database());
        workshop.view("a", "select 1 as k");
        try (var replica = new Replica(database(), new Settings().group("g", "w.*"))) {
            replica.turn();
            assertThat(replica.stop(Duration.ZERO)).isZero();
        }
        makeAllDue(workshop);
        assertWaits("a", "refresher", "no refresher has written a heartbeat for 30 s");
    }

    @Test
    void aGroupThatHasNoViewsIsUnknown() {
        given().get("/groups/nobody").then().statusCode(404);
    }

    /** By the server's clock, which is the one that the questions ask. */
    private static void makeAllDue(Workshop workshop) {
        workshop.asOwner(
                "update viewkeeper.view_state set next_due_at = now() - interval '1 s' where suspended_at is null");
    }
}
