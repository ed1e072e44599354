// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viewkeeper.refresher.LogLines;
import io.viewkeeper.refresher.Replica;
import io.viewkeeper.refresher.Settings;
import io.viewkeeper.refresher.Workshop;
import io.viewkeeper.sandbox.server.Await;
import io.viewkeeper.sandbox.server.Role;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whatever goes wrong with one step of a turn, views go on being refreshed. */
@Tag("server")
class StepsTest {
    private static final Duration HOUR = Duration.ofHours(1);

    private final Workshop workshop = new Workshop();
    private final Settings settings = new Settings().group("g", "w.*");

    @Test
    void aDiscoveryThatAlwaysFailsStopsNoRefresh() {
        workshop.view("a", "select 1 as k").view("b", "select 1 as k");
        try (var replica = new Replica(workshop.database(), settings)) {
            replica.turn();
        }
        // Every look wants to write the new interval, and cannot.
        workshop.asOwner("""
            create function viewkeeper.refuse() returns trigger language plpgsql as $$
              begin
                raise exception 'no interval is written' using errcode = 'lock_not_available';
              end
            $$;
            create trigger refuse before update of interval_ms on viewkeeper.view_state
            for each row execute function viewkeeper.refuse()
            """);
        var changed = new Settings().group("g", "w.*", "30m");
        try (var replica = new Replica(workshop.database(), changed);
                var log = new LogLines()) {
            for (int round = 2; round <= 3; round++) {
                replica.advance(HOUR);
                assertThatThrownBy(replica::turn).hasMessageContaining("SQLSTATE 55P03");
                replica.end();
                assertThat(workshop.string(
                                "select count(*) from analytics.view_refresh_log where status = 'completed'"))
                        .isEqualTo(String.valueOf(2 * round));
            }
            // Other tests' replicas are in the same log.
            assertThat(log.lines())
                    .filteredOn(line -> line.startsWith("WARN loop=refresh")
                            && line.contains("step=register reason=\"raised by a function"))
                    .singleElement()
                    .asString()
                    .contains("state=degraded", "SQLSTATE 55P03");
        }
    }

    /** No event can be written while it lasts, so no refresh can end; but nothing is lost, and nobody is taken for dead. */
    @Test
    void aLockedOutboxHoldsRefreshesUpAndNoMore() throws Exception {
        workshop.view("a", "select 1 as k").view("b", "select 1 as k");
        var patient = new Settings().group("g", "w.*").with("groups.g.lock-timeout", "5m");
        try (var one = new Replica(workshop.database(), patient, "one");
                var two = new Replica(workshop.database(), patient, "two");
                Connection other = workshop.database().connect(Role.SUPERUSER)) {
            one.turn();
            two.turn();
            other.setAutoCommit(false);
            other.createStatement().execute("lock table viewkeeper.event_outbox in share mode");
            one.advance(HOUR);
            one.begin();
            workshop.awaitWaitForALock();
            for (int looks = 0; looks < 3; looks++) {
                one.begin();
                two.begin();
            }
            workshop.asOwner("select viewkeeper.request_refresh('g')");
            assertThatThrownBy(one::begin).hasMessageContaining("lock timeout");
            other.commit();
            Await.until("both are refreshed, and again as requested", () -> {
                one.begin();
                one.end();
                return workshop.string("select count(*) from analytics.view_refresh_log")
                        .equals("6");
            });
            assertThat(workshop.strings("select distinct status || ' ' || instance from analytics.view_refresh_log"))
                    .containsExactly("completed one");
        }
    }

    @Test
    void aListenerThatThrowsTakesNobodysTurn() {
        for (int i = 0; i < 5; i++) {
            workshop.view("v" + i, "select 1 as k");
        }
        try (var replica = Replica.oneAtATime(workshop.database(), settings, _ -> {
            throw new IllegalStateException("deaf");
        })) {
            // Each is started by the one before it.
            replica.begin();
            replica.end();
            assertThat(workshop.string("select count(*) from analytics.view_refresh_log"))
                    .isEqualTo("5");
            replica.advance(HOUR);
            replica.begin();
            replica.end();
            assertThat(workshop.string("select count(*) from analytics.view_refresh_log"))
                    .isEqualTo("10");
        }
    }

    /** Were it not for a heartbeat of its own, what it has claimed would be settled as a dead one's. */
    @Test
    void ofALongTurnNothingIsTakenByTheOther() throws SQLException {
        workshop.view("a", "select 1 as k");
        try (var one = new Replica(workshop.database(), settings, "one");
                var two = new Replica(workshop.database(), settings, "two")) {
            // From here on the first takes no turn: its last one lasts. It has claimed the view, and not begun.
            one.turn();
            workshop.asOwner("""
                insert into viewkeeper.refresh_run (
                  run_id, view_schema, view_name, view_oid, view_group, trigger, attempt, scheduled_at, instance, process_id)
                select
                  gen_random_uuid(), s.view_schema, s.view_name, s.view_oid, s.view_group, 'schedule', 1, now(), p.instance,
                  p.process_id
                from viewkeeper.view_state s, viewkeeper.refresher_process p
                where p.instance = 'one'
                """);
            var beats = new HashSet<String>();
            Await.until("the first has beaten ten times", () -> {
                two.begin();
                beats.addAll(workshop.strings(
                        "select heartbeat_at from viewkeeper.refresher_process where instance = 'one'"));
                return beats.size() >= 10;
            });
            assertThat(workshop.strings("select instance from viewkeeper.refresh_run"))
                    .containsExactly("one");
            // The control.
            one.die(workshop.database());
            Await.until("the second has settled it", () -> {
                two.begin();
                return workshop.strings("select error_category from analytics.view_refresh_log where status = 'failed'")
                        .equals(List.of("orphaned"));
            });
        }
    }

    /** By the grid of an hour it would not be due for two. */
    @Test
    void aClockThatIsSetBackDelaysNothingByMoreThanAnInterval() {
        workshop.view("a", "select 1 as k");
        try (var replica = new Replica(workshop.database(), settings)) {
            assertThat(replica.turn()).hasSize(1);
            replica.advance(HOUR.negated());
            assertThat(replica.turn()).isEmpty();
            replica.advance(HOUR);
            assertThat(replica.turn()).hasSize(1);
        }
    }
}
