// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.refresher.LogLines;
import io.viewkeeper.refresher.Replica;
import io.viewkeeper.refresher.Settings;
import io.viewkeeper.refresher.Workshop;
import io.viewkeeper.refresher.run.RefreshOutcome;
import io.viewkeeper.sandbox.server.Await;
import io.viewkeeper.sandbox.server.Role;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** What goes first, what waits, what is asked for twice, what is cleaned up. */
@Tag("server")
@Isolated("the load that it looks at is the whole server's")
class PriorityTest {
    private final Workshop workshop = new Workshop();

    @Test
    void afterADowntimeTheHighestPriorityGoesFirst() {
        for (int i = 0; i < 10; i++) {
            workshop.view("low" + i, "select 1 as k").view("high" + i, "select 1 as k");
        }
        var settings = new Settings()
                .group("low", "w.low*", "5m")
                .group("high", "w.high*", "1h")
                .with("groups.high.priority", "7");
        try (var replica = new Replica(workshop.database(), settings)) {
            replica.turn();
            replica.advance(Duration.ofHours(5));
            assertThat(replica.turn()).hasSize(20);
            List<String> order =
                    workshop.strings("select view_group from analytics.view_refresh_log order by started_at, run_id");
            // Four at a time: a low one begins only when every high one has begun.
            assertThat(order.subList(20, 30)).containsOnly("high");
            assertThat(order.subList(30, 40)).containsOnly("low");
        }
    }

    @Test
    void aboveTheLoadCeilingViewsOfLowPriorityWait() throws SQLException {
        workshop.view("low", "select 1 as k").view("high", "select 1 as k");
        workshop.database().execute(Role.SUPERUSER, "grant pg_read_all_stats to viewkeeper_refresher");
        var settings = new Settings()
                .group("low", "w.low")
                .group("high", "w.high")
                .with("groups.high.priority", "1")
                .with("load.max-active-backends", "0");
        try (var replica = new Replica(workshop.database(), settings);
                var busy = workshop.database().connect(Role.SUPERUSER)) {
            busy.createStatement().execute("set application_name = 'somebody'");
            Thread working = Thread.ofVirtual().start(() -> sleepInPostgres(busy));
            workshop.awaitSession("somebody", "active");
            assertThat(replica.turn())
                    .singleElement()
                    .satisfies(outcome -> assertThat(((RefreshOutcome.Completed) outcome)
                                    .event()
                                    .run()
                                    .view()
                                    .name())
                            .isEqualTo("high"));
            assertThat(replica.turn()).isEmpty();
            workshop.strings(
                    "select pg_cancel_backend(pid)::text from pg_stat_activity where application_name = 'somebody'");
            working.join();
            assertThat(replica.turn()).hasSize(1);
        } catch (InterruptedException interrupt) {
            throw new AssertionError(interrupt);
        } finally {
            workshop.database().execute(Role.SUPERUSER, "revoke pg_read_all_stats from viewkeeper_refresher");
        }
    }

    /** A change from not knowing to waiting, and back, is said as well. */
    @Test
    void whatTheLoadCeilingSeesIsLoggedWhenItChanges() throws Exception {
        workshop.view("low", "select 1 as k");
        var settings = new Settings().group("low", "w.low").with("load.max-active-backends", "0");
        try (var replica = new Replica(workshop.database(), settings);
                var busy = workshop.database().connect(Role.SUPERUSER);
                var log = new LogLines()) {
            busy.createStatement().execute("set application_name = 'somebody'");
            Thread working = Thread.ofVirtual().start(() -> sleepInPostgres(busy));
            workshop.awaitSession("somebody", "active");
            replica.turn();
            replica.turn();
            workshop.database().execute(Role.SUPERUSER, "grant pg_read_all_stats to viewkeeper_refresher");
            replica.turn();
            replica.turn();
            workshop.database().execute(Role.SUPERUSER, "revoke pg_read_all_stats from viewkeeper_refresher");
            replica.turn();
            workshop.strings(
                    "select pg_cancel_backend(pid)::text from pg_stat_activity where application_name = 'somebody'");
            working.join();
            assertThat(log.lines().stream().filter(line -> line.contains("load=")))
                    .satisfiesExactly(
                            line -> assertThat(line).contains("load=unseen", "pg_read_all_stats"),
                            line -> assertThat(line).contains("load=high", "more than 0 sessions are active"),
                            line -> assertThat(line).contains("load=unseen"));
        } finally {
            workshop.database().execute(Role.SUPERUSER, "revoke pg_read_all_stats from viewkeeper_refresher");
        }
    }

    private static void sleepInPostgres(Connection connection) {
        try (var statement = connection.createStatement()) {
            statement.execute("select pg_sleep(600)");
        } catch (SQLException cancelled) {
            // As the test wants it.
        }
    }

    @Test
    void howeverOftenItIsAskedForAViewIsRefreshedOnce() {
        workshop.view("v", "select 1 as k");
        try (var replica = new Replica(workshop.database(), new Settings().group("g", "w.*"))) {
            replica.turn();
            for (int i = 0; i < 20; i++) {
                workshop.asOwner("select viewkeeper.request_view_refresh('w.v'), viewkeeper.request_refresh('g')");
            }
            assertThat(replica.turn()).hasSize(1);
            assertThat(replica.turn()).isEmpty();
            assertThat(workshop.string("select requested_by from analytics.view_refresh_log where trigger = 'request'"))
                    .isEqualTo("viewkeeper_owner");
        }
    }

    @Test
    void muchChangeIsFollowedByVacuumAndLittleIsNot() {
        workshop.asOwner("create table w.base (k int primary key, x int not null);"
                        + "insert into w.base select i, 0 from generate_series(1, 5000) i")
                .view("v", "select k, x from w.base")
                // It would hold the lock for which our own does not wait.
                .asRefresher("alter materialized view w.v set (autovacuum_enabled = false)");
        try (var replica = new Replica(workshop.database(), new Settings().group("g", "w.*"))) {
            replica.turn();
            workshop.asOwner("update w.base set x = 1 where k <= 500");
            replica.advance(Duration.ofHours(1));
            replica.turn();
            assertThat(vacuums()).isEqualTo("0");
            workshop.asOwner("update w.base set x = 2 where k <= 3000");
            replica.advance(Duration.ofHours(1));
            replica.turn();
            Await.until("the statistics say so", () -> vacuums().equals("1"));
        }
    }

    private String vacuums() {
        return workshop.string(
                "select coalesce(max(vacuum_count), 0)::text from pg_stat_all_tables where relname = 'v' and schemaname = 'w'");
    }

    @Test
    void aViewThatCannotMeetItsTargetIsSaidToBeSo() {
        workshop.view("slow", "select 1 as k, pg_sleep(1.3)::text as s").view("fast", "select 1 as k");
        try (var replica = new Replica(
                workshop.database(), new Settings().group("g", "w.*", "1s").with("views.\"w.fast\".interval", "1h"))) {
            replica.turn();
            assertThat(workshop.strings(
                            "select view_name from viewkeeper.view_state where target_risk like '%takes about%'"))
                    .containsExactly("slow");
            assertThat(workshop.string("select target_risk from analytics.view_freshness where matviewname = 'slow'"))
                    .contains("the interval of 1s");
        }
    }

    @Test
    void aClockThatWasSetBackDelaysNothing() {
        workshop.view("v", "select 1 as k");
        try (var replica = new Replica(workshop.database(), new Settings().group("g", "w.*"))) {
            replica.turn();
            workshop.asRefresher("update viewkeeper.view_state set next_due_at = next_due_at + interval '10 years'");
            replica.turn();
            replica.advance(Duration.ofHours(1));
            assertThat(replica.turn()).hasSize(1);
        }
    }
}
