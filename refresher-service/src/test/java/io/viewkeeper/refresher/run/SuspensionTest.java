// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viewkeeper.refresher.Gate;
import io.viewkeeper.refresher.Replica;
import io.viewkeeper.refresher.Settings;
import io.viewkeeper.refresher.Workshop;
import io.viewkeeper.refresher.command.ViewCommands;
import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.schema.event.ErrorCategory;
import io.viewkeeper.schema.event.RefreshEvent;
import io.viewkeeper.schema.event.RefreshFailed;
import io.viewkeeper.schema.event.ViewName;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("server")
class SuspensionTest {
    private final Workshop workshop = new Workshop();
    private final Settings settings = new Settings()
            .group("g", "w.*", "10m")
            .with("groups.g.suspend-after", "3")
            .with("groups.g.resume-after", "2h");

    @BeforeEach
    void createViews() {
        workshop.asOwner("create table w.base (k int primary key, x int not null); insert into w.base values (1, 1)")
                .view("fragile", "select k, 1 / x as y from w.base")
                .view("other", "select k from w.base");
    }

    @Test
    void failuresSuspendAViewAndACoolDownTriesItAgain() {
        try (var replica = new Replica(workshop.database(), settings)) {
            replica.turn();
            workshop.asOwner("update w.base set x = 0");
            for (int failure = 1; failure <= 3; failure++) {
                replica.advance(Duration.ofMinutes(10));
                RefreshFailed failed = failed(replica.turn());
                assertThat(failed.consecutiveFailures()).isEqualTo(failure);
                assertThat(failed.suspended()).isEqualTo(failure == 3);
                assertThat(failed.nextAttemptAt()).isNotNull();
            }
            replica.advance(Duration.ofMinutes(15));
            assertThat(replica.turn())
                    .as("the other view alone")
                    .singleElement()
                    .isInstanceOf(RefreshOutcome.Completed.class);
            workshop.asOwner("update w.base set x = 5");
            replica.advance(Duration.ofMinutes(10));
            assertThat(replica.turn()).hasSize(2).allMatch(RefreshOutcome.Completed.class::isInstance);
            assertThat(workshop.strings(
                            "select suspended_at::text from viewkeeper.view_state where suspended_at is not null"))
                    .isEmpty();
        }
    }

    @Test
    void aSuspendedViewWhoseGroupIsGoneForAWhileIsTriedAgainWhenItIsBack() {
        settings.with("groups.g.suspend-after", "1");
        var without = new Settings().group("g", "w.other", "10m");
        try (var replica = new Replica(workshop.database(), settings);
                var other = new Replica(workshop.database(), without)) {
            replica.turn();
            workshop.asOwner("update w.base set x = 0");
            replica.advance(Duration.ofMinutes(10));
            assertThat(failed(replica.turn()).suspended()).isTrue();
            other.turn();
            workshop.asOwner("update w.base set x = 1");
            assertThat(replica.turn()).singleElement().isInstanceOf(RefreshOutcome.Completed.class);
        }
    }

    @Test
    void withoutACoolDownOnlySomebodyResumesIt() {
        settings.with("groups.g.resume-after", "0s").with("groups.g.suspend-after", "1");
        try (var replica = new Replica(workshop.database(), settings)) {
            replica.turn();
            workshop.asOwner("update w.base set x = 0");
            replica.advance(Duration.ofMinutes(10));
            assertThat(failed(replica.turn()).nextAttemptAt()).isNull();
            replica.advance(Duration.ofDays(30));
            assertThat(replica.turn()).singleElement().isInstanceOf(RefreshOutcome.Completed.class);
        }
    }

    @Test
    void aFailureOfAViewThatSomebodyHasSuspendedMeanwhilePromisesNoAttempt() {
        var view = new ViewName("w", "slow");
        var gate = Gate.in(workshop, "gate");
        workshop.view(
                "slow",
                "select s.k, 1 / s.x as y from (select b.k, b.x, " + gate.call() + " from w.base b offset 0) s");
        try (var replica = new Replica(workshop.database(), settings)) {
            replica.turn();
            workshop.asOwner("update w.base set x = 0");
            gate.close();
            replica.advance(Duration.ofMinutes(10));
            replica.begin();
            workshop.awaitRefreshOf("slow");
            var suspension =
                    replica.database().inTransaction(session -> ViewCommands.suspend(session, view, "alice", null));
            assertThat(suspension).isPresent();
            gate.open();
            RefreshFailed failed = replica.end().stream()
                    .filter(RefreshOutcome.Failed.class::isInstance)
                    .map(outcome -> ((RefreshOutcome.Failed) outcome).event())
                    .filter(event -> event.run().view().equals(view))
                    .findFirst()
                    .orElseThrow();
            assertThat(failed.nextAttemptAt()).isNull();
            assertThat(workshop.strings("select next_due_at::text from viewkeeper.view_state where view_name = 'slow'"))
                    .containsExactly("null");
        }
    }

    @Test
    void aRequestForASuspendedViewIsRefusedAndItsGroupsLeavesItOut() throws SQLException {
        settings.with("groups.g.suspend-after", "1");
        try (var replica = new Replica(workshop.database(), settings)) {
            replica.turn();
            workshop.asOwner("update w.base set x = 0");
            replica.advance(Duration.ofMinutes(10));
            replica.turn();
            assertThatThrownBy(() -> workshop.database()
                            .execute(Role.OWNER, "select viewkeeper.request_view_refresh('w.fragile')"))
                    .hasMessageContaining("is suspended");
            assertThat(notice("select viewkeeper.request_refresh('g')"))
                    .contains("1 of 2 views of the group \"g\" are left out")
                    .contains("w.fragile is suspended by its failures");
            assertThat(replica.turn()).singleElement().isInstanceOf(RefreshOutcome.Completed.class);
        }
    }

    @Test
    void aRefusalIsAnEventOnceForEachReason() {
        workshop.asRefresher("create materialized view w.keyless as select 1 as k");
        try (var one = new Replica(workshop.database(), settings, "one");
                var two = new Replica(workshop.database(), settings, "two")) {
            for (int i = 0; i < 3; i++) {
                one.turn();
                two.turn();
                one.advance(Duration.ofMinutes(10));
                two.advance(Duration.ofMinutes(10));
            }
            List<RefreshEvent> events = workshop.events(one.database()).stream()
                    .filter(event -> event.run().view().name().equals("keyless"))
                    .toList();
            assertThat(events).singleElement().isInstanceOfSatisfying(RefreshFailed.class, event -> {
                assertThat(event.error().category()).isEqualTo(ErrorCategory.NOT_CONCURRENT_CAPABLE);
                assertThat(event.nextAttemptAt()).isNull();
                assertThat(event.error().retryable()).isFalse();
            });
            assertThat(workshop.string("select count(*) from analytics.view_refresh_log where view_name = 'keyless'"))
                    .isEqualTo("1");
            workshop.asRefresher("create unique index on w.keyless (k)");
            assertThat(one.turn()).anyMatch(RefreshOutcome.Completed.class::isInstance);
            workshop.asRefresher("drop index w.keyless_k_idx");
            one.turn();
            two.turn();
            assertThat(workshop.string("select count(*) from analytics.view_refresh_log where view_name = 'keyless'"))
                    .isEqualTo("3");
        }
    }

    @Test
    void aRequestForAGroupOfWhichNothingCanBeRefreshedSaysWhy() {
        try (var replica = new Replica(workshop.database(), settings)) {
            replica.turn();
            replica.database().inTransaction(session -> ViewCommands.suspendGroup(session, "g", "alice", null));
            assertThatThrownBy(() -> workshop.database().execute(Role.OWNER, "select viewkeeper.request_refresh('g')"))
                    .hasMessageContaining("every view of the group \"g\" is left out")
                    .hasMessageContaining("w.other is suspended by alice");
            replica.database().inTransaction(session -> ViewCommands.resumeGroup(session, "g"));
            replica.advance(Duration.ofMinutes(1));
            assertThat(replica.turn()).hasSize(2);
        }
    }

    private String notice(String sql) throws SQLException {
        try (var connection = workshop.database().connect(Role.OWNER);
                var statement = connection.createStatement()) {
            statement.execute(sql);
            return String.valueOf(statement.getWarnings());
        }
    }

    private static RefreshFailed failed(List<RefreshOutcome> outcomes) {
        return outcomes.stream()
                .filter(RefreshOutcome.Failed.class::isInstance)
                .map(outcome -> ((RefreshOutcome.Failed) outcome).event())
                .findFirst()
                .orElseThrow(() -> new AssertionError("no refresh failed: " + outcomes));
    }
}
