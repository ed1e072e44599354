// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.refresher.LogLines;
import io.viewkeeper.refresher.Replica;
import io.viewkeeper.refresher.Settings;
import io.viewkeeper.refresher.Workshop;
import io.viewkeeper.refresher.run.RefreshOutcome;
import io.viewkeeper.schema.event.RefreshCompleted;
import io.viewkeeper.schema.event.RefreshEvent;
import io.viewkeeper.schema.event.ViewName;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("server")
class DependenciesTest {
    private final Workshop workshop = new Workshop();

    @BeforeEach
    void createAChain() {
        workshop.asOwner("create table w.base (k int primary key, x int not null); insert into w.base values (1, 1)")
                .view("z_first", "select k, x from w.base")
                .asRefresher("create view w.between as select k, x from w.z_first")
                .view("m_second", "select k, x from w.between")
                .view("a_third", "select s.k, s.x from w.m_second s join w.z_first f using (k)");
    }

    @Test
    void viewsThatFeedOthersGoFirst() {
        try (var replica = new Replica(workshop.database(), new Settings().group("g", "w.*"))) {
            replica.turn();
            workshop.asOwner("update w.base set x = 2");
            replica.advance(Duration.ofHours(1));
            replica.turn();
            assertThat(names(workshop.events(replica.database())))
                    .containsExactly("w.z_first", "w.m_second", "w.a_third", "w.z_first", "w.m_second", "w.a_third");
            assertThat(workshop.string("select x::text from w.a_third")).isEqualTo("2");
        }
    }

    @Test
    void theCatalogTellsWhatAViewReadsThroughPlainViews() {
        try (var replica = new Replica(workshop.database(), new Settings().group("g", "w.*"))) {
            replica.turn();
            assertThat(workshop.strings("""
                    select s.view_name || ' reads ' || string_agg(i.view_name, ', ' order by i.view_name)
                    from viewkeeper.view_state s join viewkeeper.view_state i on i.view_oid = any (s.input_oids)
                    group by s.view_name
                    order by 1
                    """))
                    .containsExactly("a_third reads m_second, z_first", "m_second reads z_first");
        }
    }

    @Test
    void onlyWhatIsAskedForIsRefreshed() {
        try (var replica = new Replica(workshop.database(), new Settings().group("g", "w.*"))) {
            replica.turn();
            workshop.asOwner("select viewkeeper.request_view_refresh('w.m_second')");
            assertThat(replica.turn()).hasSize(1);
            assertThat(names(workshop.events(replica.database()))).endsWith("w.m_second");
        }
    }

    @Test
    void aDependentGoesOnAndSaysWhichInputIsOlder() {
        var settings = new Settings().group("g", "w.*").with("groups.g.lock-timeout", "200ms");
        workshop.asRefresher("create materialized view w.broken as select k, 1 / x as y from w.base with no data;"
                        + "create unique index on w.broken (k)")
                .asRefresher("refresh materialized view w.broken")
                .view("reads_broken", "select k, y from w.broken");
        try (var replica = new Replica(workshop.database(), settings)) {
            replica.turn();
            workshop.asOwner("update w.base set x = 0");
            replica.advance(Duration.ofHours(1));
            List<RefreshOutcome> outcomes = replica.turn();
            RefreshCompleted dependent = completed(outcomes, "reads_broken");
            assertThat(dependent.staleInputs()).containsExactly(new ViewName("w", "broken"));
            assertThat(completed(outcomes, "m_second").staleInputs()).isEmpty();
            workshop.asOwner("update w.base set x = 3");
            replica.advance(Duration.ofHours(1));
            assertThat(completed(replica.turn(), "reads_broken").staleInputs()).isEmpty();
        }
    }

    @Test
    void aViewWaitsForAnInputThatByItsJitterIsDueALittleLater() {
        try (var replica = new Replica(workshop.database(), new Settings().group("g", "w.*"))) {
            replica.turn();
            // Within the tenth of an hour by which views of one round are kept apart.
            workshop.asRefresher(
                    "update viewkeeper.view_state set next_due_at ="
                            + " (select min(next_due_at) from viewkeeper.view_state) + case view_name"
                            + " when 'z_first' then interval '3 min' when 'm_second' then interval '1 min' else interval '0' end");
            for (int minute = 0; minute < 70; minute++) {
                replica.advance(Duration.ofMinutes(1));
                replica.turn();
            }
            List<String> names = names(workshop.events(replica.database()));
            assertThat(names.subList(3, 6)).containsExactly("w.z_first", "w.m_second", "w.a_third");
        }
    }

    @Test
    void aViewDoesNotWaitForEverForAnInputThatIsRefreshedAllTheTime() {
        var settings = new Settings().group("g", "w.*", "10m").with("views.\"w.z_first\".interval", "1s");
        try (var replica = new Replica(workshop.database(), settings)) {
            for (int half = 0; half < 40; half++) {
                replica.advance(Duration.ofSeconds(30));
                replica.turn();
            }
            assertThat(Integer.parseInt(workshop.string(
                            "select count(*) from analytics.view_refresh_log where view_name = 'm_second'")))
                    .isGreaterThanOrEqualTo(2);
        }
    }

    /** CREATE OR REPLACE VIEW lets them. */
    @Test
    void viewsThatReadEachOtherAreSaidAndRefreshedAllTheSame() {
        workshop.asRefresher(
                        "create view w.behind as select k, x from w.base; create view w.own as select k, x from w.base")
                .view("one", "select k, x from w.behind")
                .view("two", "select k, x from w.one")
                .view("alone", "select k, x from w.own")
                .asRefresher("create or replace view w.behind as select k, x from w.two;"
                        + "create or replace view w.own as select k, x from w.alone");
        var settings = new Settings().group("g", "w.*").with("groups.g.jitter", "0s");
        try (var replica = new Replica(workshop.database(), settings);
                var log = new LogLines()) {
            for (int hour = 0; hour < 3; hour++) {
                assertThat(replica.turn()).hasSize(6).allMatch(RefreshOutcome.Completed.class::isInstance);
                replica.advance(Duration.ofHours(1));
            }
            // Other classes have circles of their own meanwhile.
            assertThat(log.lines().stream()
                            .filter(line -> line.contains("state=circular"))
                            .filter(line -> line.contains("w.one") || line.contains("w.alone")))
                    .as("once each")
                    .satisfiesExactlyInAnyOrder(
                            line -> assertThat(line).contains("views=\"w.one, w.two\""),
                            line -> assertThat(line).contains("views=\"w.alone\""));
            assertThat(workshop.strings("select view_name || ': ' || target_risk from viewkeeper.view_state"
                            + " where target_risk is not null order by 1"))
                    .containsExactly(
                            "alone: it reads itself: no refresh makes its data younger",
                            "one: it reads itself through w.two: no refresh makes its data younger",
                            "two: it reads itself through w.one: no refresh makes its data younger");
            assertThat(workshop.strings(
                            "select view_name from viewkeeper.view_state where data_as_of is null order by 1"))
                    .as("nobody knows how old what they began with was")
                    .containsExactly("alone", "one", "two");
        }
    }

    /** The group waits for what any of its views reads, and whoever reads from it and is read by it for nobody. */
    @Test
    void aConsistentGroupWaitsForTheInputsOfAllItsViewsButNotInACircle() {
        workshop.view("g_a", "select k, x from w.base")
                .view("g_b", "select k, x from w.m_second")
                .view("x", "select k, x from w.base");
        var settings = new Settings().group("rest", "w.*").group("g", "w.g_*").with("groups.g.consistent", "true");
        try (var replica = Replica.oneAtATime(workshop.database(), settings)) {
            replica.turn();
            assertThat(names(workshop.events(replica.database())))
                    .containsSubsequence("w.z_first", "w.m_second", "w.g_a", "w.g_b");
            workshop.view("g_c", "select k, x from w.x")
                    .asRefresher("create view w.of_g as select k, x from w.g_a")
                    .view("x_two", "select k, x from w.of_g")
                    .view("g_d", "select k, x from w.x_two");
            replica.advance(Duration.ofHours(1));
            assertThat(replica.turn()).hasSize(9).allMatch(RefreshOutcome.Completed.class::isInstance);
        }
    }

    private static RefreshCompleted completed(List<RefreshOutcome> outcomes, String view) {
        return outcomes.stream()
                .filter(RefreshOutcome.Completed.class::isInstance)
                .map(outcome -> ((RefreshOutcome.Completed) outcome).event())
                .filter(event -> event.run().view().name().equals(view))
                .findFirst()
                .orElseThrow(() -> new AssertionError(view + " is not among " + outcomes));
    }

    private static List<String> names(List<RefreshEvent> events) {
        return events.stream().map(event -> event.run().view().toString()).toList();
    }
}
