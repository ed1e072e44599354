package io.viewkeeper.refresher.refresh;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.refresher.Gate;
import io.viewkeeper.refresher.Replica;
import io.viewkeeper.refresher.Settings;
import io.viewkeeper.refresher.Workshop;
import io.viewkeeper.refresher.schedule.Policies;
import io.viewkeeper.sandbox.server.Await;
import io.viewkeeper.schema.event.ErrorCategory;
import io.viewkeeper.schema.event.RefreshCompleted;
import io.viewkeeper.schema.event.RefreshEvent;
import io.viewkeeper.schema.event.RefreshFailed;
import io.viewkeeper.schema.event.ViewName;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("server")
class ConsistentGroupTest {
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

    @Test
    void aViewThatIsReplacedMeanwhileIsSaidAndTriedAgain() {
        try (var replica = new Replica(workshop.database(), together)) {
            beginSecond(replica);
            workshop.asRefresher(
                    "drop materialized view w.b; create materialized view w.b as select k, n from w.counter;"
                            + " create unique index on w.b (k)");
            first.open();
            replica.end();
            assertThat(workshop.strings("select view_name || ': ' || error_category || ': ' || error_message"
                            + " from analytics.view_refresh_log where status = 'failed'"))
                    .hasSize(4)
                    .contains("b: undefined_object: the view was renamed or re-created while its refresh began");
            replica.advance(Duration.ofMinutes(1));
            assertThat(replica.turn()).hasSize(4).allMatch(RefreshOutcome.Completed.class::isInstance);
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
