// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.run;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viewkeeper.refresher.Gate;
import io.viewkeeper.refresher.Replica;
import io.viewkeeper.refresher.Settings;
import io.viewkeeper.refresher.Workshop;
import io.viewkeeper.refresher.command.RunCancellation;
import io.viewkeeper.refresher.command.ViewCommands;
import io.viewkeeper.refresher.schedule.Policies;
import io.viewkeeper.sandbox.server.Await;
import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.schema.event.ErrorCategory;
import io.viewkeeper.schema.event.RefreshCompleted;
import io.viewkeeper.schema.event.RefreshEvent;
import io.viewkeeper.schema.event.RefreshFailed;
import io.viewkeeper.schema.event.ViewName;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("server")
class ConsistentGroupTest {
    private static final String WRITTEN = "select view_name || xmin::text from viewkeeper.view_state order by 1";

    private final Workshop workshop = new Workshop();
    private final Gate first = Gate.in(workshop, "first_gate");
    private final Settings together = new Settings().group("g", "w.*").with("groups.g.consistent", "true");

    /** Four views of one counter: the first may be held up, so that whoever looks at the counter later sees another value. */
    @BeforeEach
    void createViews() {
        workshop.asOwner(
                        "create table w.counter (k int primary key, n int not null); insert into w.counter values (1, 0)")
                .view("a", "select k, n, " + first.call() + " as gate from w.counter")
                .view("b", "select k, n from w.counter")
                .view("c", "select k, n from w.a")
                .view("d", "select a.k, c.n from w.a join w.counter c using (k)");
    }

    @Test
    void allViewsShowOneSnapshotThoughTheDataChangeMeanwhile() {
        try (var replica = new Replica(workshop.database(), together)) {
            refreshWhileTheCounterGoesOn(replica);
            assertThat(counters()).hasSize(1);
            assertThat(workshop.strings("select distinct data_as_of::text from viewkeeper.view_state"))
                    .hasSize(1);
            assertThat(workshop.strings("select distinct event_sequence::text from viewkeeper.view_state"))
                    .containsExactly("2");
        }
    }

    @Test
    void withoutTheOptionTheyDiffer() {
        var apart = new Settings().group("g", "w.*");
        try (var replica = new Replica(workshop.database(), apart)) {
            refreshWhileTheCounterGoesOn(replica);
            assertThat(counters()).hasSizeGreaterThan(1);
        }
    }

    private void refreshWhileTheCounterGoesOn(Replica replica) {
        beginSecond(replica);
        workshop.asOwner("update w.counter set n = 1");
        first.open();
        assertThat(replica.end()).hasSizeGreaterThanOrEqualTo(4).allMatch(RefreshOutcome.Completed.class::isInstance);
    }

    private List<String> counters() {
        return workshop.strings("select n::text from w.a union select n::text from w.b union select n::text from w.c"
                + " union select n::text from w.d");
    }

    @Test
    void allOrNone() {
        workshop.view("e", "select k, 100 / (n - 7) as q from w.counter");
        try (var replica = new Replica(workshop.database(), together)) {
            replica.turn();
            workshop.asOwner("update w.counter set n = 7");
            replica.advance(Duration.ofHours(1));
            assertThat(replica.turn()).hasSize(5).allSatisfy(outcome -> {
                assertThat(outcome).isInstanceOf(RefreshOutcome.Failed.class);
                assertThat(((RefreshOutcome.Failed) outcome).event().error().message())
                        .contains("division by zero");
            });
            assertThat(counters()).as("what they showed before").containsExactly("0");
            List<RefreshEvent> events = workshop.events(replica.database());
            assertThat(events).hasSize(10);
            assertThat(workshop.strings("select run_id::text from viewkeeper.refresh_run"))
                    .isEmpty();
        }
    }

    /** Of one member; the others are tried with it, and not before. */
    @Test
    void onlyTheMemberThatFailedForGoodIsSuspended() {
        workshop.view("e", "select k, 100 / (n - 7) as q from w.counter");
        together.with("groups.g.suspend-after", "1").with("groups.g.resume-after", "5h");
        try (var replica = new Replica(workshop.database(), together)) {
            replica.turn();
            workshop.asOwner("update w.counter set n = 7");
            replica.advance(Duration.ofHours(1));
            assertThat(failures(replica.turn()))
                    .hasSize(5)
                    .allSatisfy(failed -> assertThat(failed.suspended())
                            .isEqualTo(failed.run().view().name().equals("e")))
                    .extracting(failed -> requireNonNull(failed.nextAttemptAt()).truncatedTo(ChronoUnit.MICROS))
                    .as("that of the suspended one")
                    .containsOnly(nextDueAt("e"));
            replica.turn();
            assertThat(workshop.strings("select distinct next_due_at::text from viewkeeper.view_state"))
                    .as("nor is any said to be due before")
                    .hasSize(1);
            Optional<ViewCommands.Request> request = replica.database()
                    .inTransaction(session -> ViewCommands.refreshView(session, new ViewName("w", "a"), "alice"));
            assertThat(request).get().asString().contains("Refused").contains("waits for w.e, which is suspended");
            assertThatThrownBy(() ->
                            workshop.database().execute(Role.OWNER, "select viewkeeper.request_view_refresh('w.a')"))
                    .hasMessageContaining("w.a waits for w.e, which is suspended");
            assertThatThrownBy(() -> workshop.database().execute(Role.OWNER, "select viewkeeper.request_refresh('g')"))
                    .hasMessageContaining("every view of the group \"g\" is left out")
                    .hasMessageContaining("w.a waits for w.e");
            workshop.asOwner("update w.counter set n = 8");
            replica.advance(Duration.ofHours(2));
            assertThat(replica.turn()).hasSize(5).allMatch(RefreshOutcome.Completed.class::isInstance);
        }
    }

    /** The limit is shorter than the wait; what another member took before has nothing to do with it. */
    @Test
    void aStatementTimeoutThatALockHasSpentSuspendsNobody() throws SQLException {
        workshop.asOwner("create table w.other (k int primary key); insert into w.other values (1)")
                .view("a_slow", "select k, pg_sleep(2) is null as slept from w.counter")
                .view("e", "select k from w.other");
        together.with("groups.g.suspend-after", "1")
                .with("groups.g.lock-timeout", "1h")
                .with("views.\"w.e\".statement-timeout", "1s");
        try (var replica = new Replica(workshop.database(), together);
                var blocker = workshop.database().connect(Role.OWNER)) {
            replica.turn();
            blocker.setAutoCommit(false);
            blocker.createStatement().execute("lock table w.other in access exclusive mode");
            replica.advance(Duration.ofHours(1));
            assertThat(failures(replica.turn())).hasSize(6).allSatisfy(failed -> {
                assertThat(failed.suspended()).isFalse();
                assertThat(failed.error().category()).isEqualTo(ErrorCategory.STATEMENT_TIMEOUT);
                assertThat(failed.error().retryable()).isTrue();
                assertThat(failed.error().message()).contains("it waited for locks most of the time");
            });
            assertThat(workshop.strings("select distinct lasting_failures::text from viewkeeper.view_state"))
                    .containsExactly("0");
            blocker.rollback();
            replica.advance(Duration.ofMinutes(1));
            assertThat(replica.turn()).hasSize(6).allMatch(RefreshOutcome.Completed.class::isInstance);
        }
    }

    @Test
    void whoReadsAMemberDoesNotWaitAsLongAsAnotherIsSuspended() {
        workshop.asOwner("create schema readers; grant usage, create on schema readers to viewkeeper_refresher")
                .asRefresher(
                        "create materialized view readers.r as select k, n from w.b; create unique index on readers.r (k)");
        together.group("readers", "readers.*");
        try (var replica = new Replica(workshop.database(), together)) {
            replica.turn();
            replica.database()
                    .inTransaction(session -> ViewCommands.suspend(session, new ViewName("w", "a"), "alice", null));
            replica.advance(Duration.ofHours(1));
            assertThat(replica.turn())
                    .singleElement()
                    .isInstanceOfSatisfying(
                            RefreshOutcome.Completed.class,
                            one -> assertThat(one.event().run().view().schema()).isEqualTo("readers"));
            assertThat(nextDueAt("b")).as("nobody says when it is resumed").isNull();
            replica.database().inTransaction(session -> ViewCommands.resume(session, new ViewName("w", "a")));
            replica.advance(Duration.ofMinutes(1));
            assertThat(replica.turn()).hasSize(4).allMatch(RefreshOutcome.Completed.class::isInstance);
        }
    }

    private @Nullable Instant nextDueAt(String view) {
        String micros = workshop.string("select (extract(epoch from next_due_at) * 1000000)::bigint::text"
                + " from viewkeeper.view_state where view_name = '" + view + "'");
        return micros.equals("null") ? null : Instant.EPOCH.plus(Long.parseLong(micros), ChronoUnit.MICROS);
    }

    private static List<RefreshFailed> failures(List<RefreshOutcome> outcomes) {
        return outcomes.stream()
                .filter(RefreshOutcome.Failed.class::isInstance)
                .map(outcome -> ((RefreshOutcome.Failed) outcome).event())
                .toList();
    }

    @Test
    void cancellingOneRunEndsItsGroupAndIsNobodysFailure() {
        try (var replica = new Replica(workshop.database(), together)) {
            beginSecond(replica);
            UUID notBegun =
                    UUID.fromString(workshop.string("select run_id from viewkeeper.refresh_run where view_name = 'd'"));
            var cancellation = new RunCancellation(replica.database(), new Policies(together.config()));
            var answer = replica.database().inTransaction(session -> cancellation.cancel(session, notBegun, "alice"));
            cancellation.end();
            replica.end();
            assertThat(answer).contains(new RunCancellation.Outcome.Marked(new ViewName("w", "d")));
            assertThat(workshop.strings("select error_message from analytics.view_refresh_log where status = 'failed'"))
                    .hasSize(4)
                    .containsOnly("cancelled by request");
            assertThat(workshop.strings("select distinct consecutive_failures::text from viewkeeper.view_state"))
                    .containsExactly("0");
        }
    }

    /** What they change is not in the group's snapshot. */
    @Test
    void commandsMeanwhileMakeNoViewFail() {
        var a = new ViewName("w", "a");
        var b = new ViewName("w", "b");
        try (var replica = new Replica(workshop.database(), together)) {
            beginSecond(replica);
            var database = replica.database();
            database.inTransaction(session -> ViewCommands.refreshView(session, a, "alice"));
            workshop.asOwner("select viewkeeper.request_view_refresh('w.c')");
            replica.begin();
            List<String> written = workshop.strings(WRITTEN);
            database.inTransaction(session -> ViewCommands.refreshView(session, a, "bob"));
            workshop.asOwner("select viewkeeper.request_view_refresh('w.c')");
            replica.begin();
            assertThat(workshop.strings(WRITTEN))
                    .as("who asks again changes nothing, so that the group comes to an end")
                    .isEqualTo(written);
            database.inTransaction(session -> ViewCommands.suspend(session, b, "alice", null));
            workshop.asOwner("update w.counter set n = 1");
            first.open();
            assertThat(replica.end())
                    .hasSizeGreaterThanOrEqualTo(4)
                    .allMatch(RefreshOutcome.Completed.class::isInstance);
            assertThat(counters()).as("of a snapshot after the commands").containsExactly("1");
            assertThat(workshop.strings("select run_id::text from analytics.view_refresh_log where status = 'failed'"))
                    .isEmpty();
            assertThat(workshop.string("select suspended_by from viewkeeper.view_state where view_name = 'b'"))
                    .isEqualTo("alice");
        }
    }

    @Test
    void aViewThatIsReplacedMeanwhileIsSaidAndTriedAgain() throws SQLException {
        try (var replica = new Replica(workshop.database(), together.with("groups.g.lock-timeout", "5m"));
                Connection other = workshop.database().connect(Role.REFRESHER)) {
            replica.turn();
            other.setAutoCommit(false);
            other.createStatement()
                    .execute("drop materialized view w.b; create materialized view w.b as select k, n from w.counter;"
                            + " create unique index on w.b (k)");
            replica.advance(Duration.ofHours(1));
            replica.begin();
            workshop.awaitWaitForALock();
            other.commit();
            replica.end();
            assertThat(workshop.strings("select view_name || ': ' || error_category || ': ' || error_message"
                            + " from analytics.view_refresh_log where status = 'failed'"))
                    .hasSize(4)
                    .contains("b: undefined_object: the view was renamed or re-created while its refresh began");
            replica.advance(Duration.ofMinutes(1));
            assertThat(replica.turn()).hasSize(4).allMatch(RefreshOutcome.Completed.class::isInstance);
        }
    }

    /** Else its readers would wait with it, and what it has done would be lost. */
    @Test
    void allLocksAreTakenBeforeTheFirstViewIsRefreshed() throws SQLException {
        try (var replica = new Replica(workshop.database(), together.with("groups.g.lock-timeout", "5m"));
                Connection other = workshop.database().connect(Role.REFRESHER)) {
            replica.turn();
            other.setAutoCommit(false);
            other.createStatement().execute("refresh materialized view w.d");
            replica.advance(Duration.ofHours(1));
            replica.begin();
            workshop.awaitWaitForALock();
            assertThat(workshop.strings("""
                    select distinct mode
                    from pg_locks
                    where locktype = 'relation'
                      and relation in ('w.a'::regclass, 'w.b'::regclass, 'w.c'::regclass)
                      and pid in (select pid from pg_locks where not granted)
                    """)).containsExactly("RowShareLock");
            other.rollback();
            assertThat(replica.end()).hasSize(8).allMatch(RefreshOutcome.Completed.class::isInstance);
        }
    }

    /** The second refresh of all, in which the first view is being refreshed until the gate is opened. */
    private void beginSecond(Replica replica) {
        replica.turn();
        first.close();
        replica.advance(Duration.ofHours(1));
        replica.begin();
        workshop.awaitRefreshOf("a");
    }

    @Test
    void whatAKilledReplicaHadRefreshedOfAGroupIsUndoneAndRedoneWithTheRest() throws SQLException {
        var last = Gate.in(workshop, "last_gate");
        workshop.view("e", "select k, n, " + last.call() + " as gate from w.d");
        try (var one = new Replica(workshop.database(), together, "one");
                var two = new Replica(workshop.database(), together, "two")) {
            two.turn();
            workshop.asOwner("update w.counter set n = 1");
            last.close();
            one.advance(Duration.ofHours(1));
            one.begin();
            workshop.awaitRefreshOf("e");
            one.die(workshop.database());
            last.open();
            assertThat(counters()).as("what they showed before").containsExactly("0");
            Await.until("the other has redone them", () -> {
                two.turn();
                return workshop.events(two.database()).size() == 15;
            });
            assertThat(counters()).containsExactly("1");
            List<RefreshEvent> events = workshop.events(two.database());
            assertThat(events.subList(5, 10))
                    .allSatisfy(
                            event -> assertThat(((RefreshFailed) event).error().category())
                                    .isEqualTo(ErrorCategory.ORPHANED));
            assertThat(events.subList(10, 15))
                    .hasOnlyElementsOfType(RefreshCompleted.class)
                    .allSatisfy(event -> assertThat(event.run().attempt()).isEqualTo(2));
            assertThat(workshop.strings("select run_id::text from viewkeeper.refresh_run"))
                    .isEmpty();
        }
    }

    @Test
    void aRefusedViewRefusesItsGroup() {
        workshop.asRefresher("create materialized view w.keyless as select 1 as k");
        try (var replica = new Replica(workshop.database(), together)) {
            assertThat(replica.turn()).isEmpty();
            assertThat(workshop.strings("select refusal from viewkeeper.view_state where view_name <> 'keyless'"))
                    .hasSize(4)
                    .allSatisfy(refusal ->
                            assertThat(refusal).contains("consistent").contains("w.keyless"));
            workshop.asRefresher("create unique index on w.keyless (k)");
            assertThat(replica.turn()).hasSize(5).allMatch(RefreshOutcome.Completed.class::isInstance);
        }
    }

    @Test
    void aRequestForOneIsForAll() {
        try (var replica = new Replica(workshop.database(), together)) {
            replica.turn();
            workshop.asOwner("select viewkeeper.request_view_refresh('w.c')");
            assertThat(replica.turn()).hasSize(4);
        }
    }
}
