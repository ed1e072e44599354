// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.refresher.Replica;
import io.viewkeeper.refresher.Settings;
import io.viewkeeper.refresher.Workshop;
import io.viewkeeper.sandbox.server.Await;
import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.schema.event.ErrorCategory;
import io.viewkeeper.schema.event.RefreshCompleted;
import io.viewkeeper.schema.event.RefreshEvent;
import io.viewkeeper.schema.event.RefreshFailed;
import io.viewkeeper.schema.event.RefreshTrigger;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("server")
class OrphansTest {
    private final Workshop workshop = new Workshop();
    private final Settings settings = new Settings().group("g", "w.*");

    @BeforeEach
    void createView() {
        workshop.asOwner(
                        "create table w.pace (k int primary key, seconds float8 not null); insert into w.pace values (1, 0)")
                .view("slow", "select k, pg_sleep(seconds)::text as s from w.pace");
    }

    @Test
    void theRunOfADeadReplicaIsOrphanedAndRedone() throws SQLException {
        try (var one = new Replica(workshop.database(), settings, "one");
                var two = new Replica(workshop.database(), settings, "two")) {
            two.turn();
            workshop.asOwner("update w.pace set seconds = 3600");
            one.advance(Duration.ofHours(1));
            one.begin();
            workshop.awaitRefreshOf("slow");
            workshop.asOwner("update w.pace set seconds = 0");
            one.die(workshop.database());
            Await.until("the other has redone it", () -> {
                two.turn();
                return workshop.events(two.database()).size() == 3;
            });
            List<RefreshEvent> events = workshop.events(two.database());
            assertThat(events.get(1)).isInstanceOfSatisfying(RefreshFailed.class, failed -> {
                assertThat(failed.error().category()).isEqualTo(ErrorCategory.ORPHANED);
                assertThat(failed.error().message()).contains("one");
            });
            assertThat(events.get(2)).isInstanceOfSatisfying(RefreshCompleted.class, redone -> {
                assertThat(redone.run().trigger()).isEqualTo(RefreshTrigger.RETRY);
                assertThat(redone.run().attempt()).isEqualTo(2);
                assertThat(redone.run().instance()).isEqualTo("two");
            });
            assertThat(workshop.strings("select run_id::text from viewkeeper.refresh_run"))
                    .isEmpty();
            assertThat(workshop.string("select count(*) from analytics.view_refresh_log"))
                    .isEqualTo("3");
        }
    }

    @Test
    void aFailureThatCouldNotBeWrittenIsWrittenLaterAsWhatItWas() {
        workshop.asOwner("create table w.base (k int primary key, x int not null); insert into w.base values (1, 1)")
                .view("fragile", "select k, 1 / x as y from w.base");
        try (var replica = new Replica(workshop.database(), settings)) {
            replica.turn();
            // As with a full disk: what we want to say of the refresh cannot be written.
            workshop.asOwner("update w.base set x = 0;"
                    + " alter table viewkeeper.event_outbox add constraint full_disk check (position < 0) not valid");
            replica.advance(Duration.ofHours(1));
            assertThat(replica.turn()).hasSize(2).allMatch(RefreshOutcome.Unrecorded.class::isInstance);
            workshop.asOwner("alter table viewkeeper.event_outbox drop constraint full_disk");
            replica.turn();
            assertThat(workshop.strings("select error_category || ' ' || sqlstate || ' ' || error_message"
                            + " from analytics.view_refresh_log where view_name = 'fragile' and status = 'failed'"))
                    .containsExactly("data_error 22012 division by zero");
            assertThat(workshop.strings("select view_name from viewkeeper.refresh_run"))
                    .isEmpty();
        }
    }

    @Test
    void aRunWhoseBackendStillWorksIsLeftAlone() throws SQLException {
        try (var two = new Replica(workshop.database(), settings, "two");
                Connection backend = workshop.database().connect(Role.REFRESHER)) {
            two.turn();
            leaveARunOfADeadProcess();
            backend.setAutoCommit(false);
            backend.createStatement()
                    .execute("select pg_advisory_xact_lock(hashtextextended('viewkeeper:\"w\".\"slow\"', 0))");
            for (int i = 0; i < 3; i++) {
                assertThat(two.turn()).isEmpty();
            }
            assertThat(workshop.strings("select run_id::text from viewkeeper.refresh_run"))
                    .hasSize(1);
            backend.rollback();
            assertThat(two.turn()).hasSize(2);
        }
    }

    @Test
    void aProcessIsDeadWhenItsHeartbeatStopsAndNotBefore() {
        try (var two = new Replica(workshop.database(), settings, "two")) {
            two.turn();
            leaveARunOfADeadProcess();
            workshop.asRefresher("insert into viewkeeper.refresher_process (process_id, instance, heartbeat_at)"
                    + " select process_id, instance, now() + interval '1 h' from viewkeeper.refresh_run");
            assertThat(two.turn()).isEmpty();
            // A beat that never changes is none, whatever its time.
            Await.until("it is found dead", () -> two.turn().size() == 2);
        }
    }

    private void leaveARunOfADeadProcess() {
        workshop.asRefresher("""
            insert into viewkeeper.refresh_run (
              run_id, view_schema, view_name, view_oid, view_group, trigger, attempt, scheduled_at, instance, process_id)
            select
              gen_random_uuid(), view_schema, view_name, view_oid, view_group, 'schedule', 1, now(), 'dead',
              gen_random_uuid()
            from viewkeeper.view_state
            """);
    }

    @Test
    void aConnectionLostWhileNobodyCouldWriteIsRecordedLater() throws SQLException {
        try (var replica = new Replica(workshop.database(), settings, "one")) {
            replica.turn();
            // Of a process that could not write its failure, the row is all that is left, and it is its own.
            leaveARunOfADeadProcess();
            workshop.asRefresher("update viewkeeper.refresh_run set process_id ="
                    + " (select process_id from viewkeeper.refresher_process where instance = 'one')");
            List<RefreshOutcome> outcomes = replica.turn();
            assertThat(((RefreshOutcome.Failed) outcomes.getFirst())
                            .event()
                            .error()
                            .category())
                    .isEqualTo(ErrorCategory.CONNECTION_LOST);
            replica.advance(Duration.ofMinutes(1));
            assertThat(replica.turn()).singleElement().isInstanceOf(RefreshOutcome.Completed.class);
        }
    }

    @Test
    void aStopCancelsWhatDoesNotEndInTimeRecordsItAndLeavesItDue() {
        try (var one = new Replica(workshop.database(), settings, "one");
                var two = new Replica(workshop.database(), settings, "two")) {
            two.turn();
            workshop.asOwner("update w.pace set seconds = 3600");
            one.advance(Duration.ofHours(1));
            one.begin();
            workshop.awaitRefreshOf("slow");
            workshop.asOwner("update w.pace set seconds = 0");
            assertThat(one.stop(Duration.ofMillis(100))).isEqualTo(1);
            one.stop(Await.PATIENCE);
            assertThat(workshop.events(two.database()).getLast())
                    .isInstanceOfSatisfying(RefreshFailed.class, failed -> {
                        assertThat(failed.error().message()).contains("stopped");
                        assertThat(failed.consecutiveFailures()).isZero();
                    });
            two.advance(Duration.ofHours(1));
            assertThat(two.turn()).singleElement().isInstanceOf(RefreshOutcome.Completed.class);
            assertThat(workshop.strings("select instance from viewkeeper.refresher_process"))
                    .containsExactly("two");
        }
    }
}
