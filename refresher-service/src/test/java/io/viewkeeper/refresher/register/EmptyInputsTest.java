// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.register;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.refresher.Replica;
import io.viewkeeper.refresher.Settings;
import io.viewkeeper.refresher.Workshop;
import io.viewkeeper.refresher.command.ViewCommands;
import io.viewkeeper.refresher.run.RefreshOutcome;
import io.viewkeeper.schema.event.RefreshFailed;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A view that reads one without data waits for it, rather than fail again and again. */
@Tag("server")
class EmptyInputsTest {
    private static final int DEPENDENTS = 5;

    private final Workshop workshop = new Workshop();
    private final Settings settings = new Settings()
            .group("g", "w.v*", "10s")
            .with("groups.g.plain-refresh", "unpopulated")
            .with("groups.g.suspend-after", "2")
            // The clock of the schedules runs ahead of the one that dates data: their rounds must not touch.
            .with("groups.g.jitter", "0s");

    @BeforeEach
    void createViews() {
        workshop.asOwner("create table w.base (k int primary key, x int not null); insert into w.base values (1, 0)");
        empty("v_root", "select k, 1 / x as y from w.base");
        for (int i = 1; i <= DEPENDENTS; i++) {
            empty("v_" + i, "select k, y from w." + (i == 1 ? "v_root" : "v_" + (i - 1)));
        }
    }

    private void empty(String view, String query) {
        workshop.asRefresher("create materialized view w." + view + " as " + query + " with no data;"
                + "create unique index on w." + view + " (k)");
    }

    @Test
    void dependentsOfARootThatCannotBeFilledSayWhyOnceAndAreDueWhenItIs() {
        try (var replica = new Replica(workshop.database(), settings)) {
            for (int i = 0; i < 40; i++) {
                replica.turn();
                replica.advance(Duration.ofSeconds(20));
            }
            assertThat(failures(replica, "v_root"))
                    .hasSizeGreaterThan(2)
                    .last()
                    .satisfies(failure -> assertThat(failure.suspended()).isTrue());
            for (int i = 1; i <= DEPENDENTS; i++) {
                String reason = "it reads w." + (i == 1 ? "v_root" : "v_" + (i - 1)) + ", which is not populated and "
                        + (i == 1 ? "is suspended" : "is refused") + "; it is due as soon as that is populated";
                assertThat(failures(replica, "v_" + i))
                        .as("once for each reason")
                        .hasSizeLessThanOrEqualTo(2)
                        .last()
                        .satisfies(
                                failure -> assertThat(failure.error().message()).isEqualTo(reason));
            }
            workshop.asOwner("update w.base set x = 1");
            replica.database().inTransaction(session -> ViewCommands.resumeGroup(session, "g"));
            for (int level = 0; level <= DEPENDENTS; level++) {
                replica.turn();
            }
            assertThat(workshop.strings(
                            "select matviewname from pg_matviews where schemaname = 'w' and not ispopulated"))
                    .as("with no time gone by")
                    .isEmpty();
            assertThat(workshop.strings("select view_name from viewkeeper.view_state"
                            + " where suspended_at is not null or refusal is not null or consecutive_failures > 0"))
                    .isEmpty();
        }
    }

    @Test
    void inputsThatAreAboutToBeFilledAreWaitedForInSilence() {
        workshop.asOwner("update w.base set x = 1");
        try (var replica = new Replica(workshop.database(), settings)) {
            replica.turn();
            assertThat(workshop.strings("select distinct status from analytics.view_refresh_log"))
                    .containsExactly("completed");
            assertThat(workshop.string("select count(*) from analytics.view_refresh_log"))
                    .isEqualTo(String.valueOf(DEPENDENTS + 1));
        }
    }

    @Test
    void anEmptyInputThatNobodyKeepsIsNamedAndNoticedWhenItIsFilled() {
        empty("nobodys", "select k, x from w.base");
        empty("v_reader", "select k, x from w.nobodys");
        try (var replica = new Replica(workshop.database(), settings)) {
            replica.turn();
            assertThat(failures(replica, "v_reader")).singleElement().satisfies(failure -> {
                assertThat(failure.error().message()).contains("w.nobodys, which is not populated and is in no group");
                assertThat(failure.nextAttemptAt()).isNull();
            });
            workshop.asRefresher("refresh materialized view w.nobodys");
            replica.turn();
            assertThat(workshop.string("select last_status from viewkeeper.view_state where view_name = 'v_reader'"))
                    .isEqualTo("completed");
        }
    }

    @Test
    void aKeptViewThatSomebodyEmptiedIsDueAtOnce() {
        workshop.asOwner("update w.base set x = 1");
        settings.with("groups.g.interval", "24h");
        try (var replica = new Replica(workshop.database(), settings)) {
            replica.turn();
            workshop.asRefresher("refresh materialized view w.v_root with no data");
            assertThat(replica.turn()).singleElement().isInstanceOf(RefreshOutcome.Completed.class);
            assertThat(workshop.string("select y::text from w.v_root")).isEqualTo("1");
        }
    }

    @Test
    void emptyViewsThatReadEachOtherInACircleStopNobody() {
        workshop.asOwner("update w.base set x = 1").asRefresher("create view w.between as select k, x from w.base");
        empty("v_one", "select k, x from w.between");
        empty("v_two", "select k, x from w.v_one");
        workshop.asRefresher("create or replace view w.between as select k, x from w.v_two");
        try (var replica = new Replica(workshop.database(), settings)) {
            replica.turn();
            assertThat(workshop.string("select y::text from w.v_root")).isEqualTo("1");
        }
    }

    @Test
    void aConsistentGroupWaitsForWhatAnyOfItsViewsReadsToBeFilled() {
        workshop.asOwner("update w.base set x = 1");
        empty("filled_later", "select k, x from w.base");
        workshop.view("g_a", "select k, x from w.base");
        empty("g_b", "select k, x from w.filled_later");
        settings.group("together", "w.g_*")
                .with("groups.together.consistent", "true")
                .with("groups.together.plain-refresh", "unpopulated")
                .with("groups.g.views", "w.v*,w.filled*");
        try (var replica = new Replica(workshop.database(), settings)) {
            replica.turn();
            assertThat(workshop.strings("select view_name from analytics.view_refresh_log where status = 'failed'"))
                    .isEmpty();
            assertThat(workshop.string("select x::text from w.g_b")).isEqualTo("1");
        }
    }

    @Test
    void emptyViewsOfWhichEachWaitsForTheOtherSaySo() {
        workshop.asRefresher(
                "create view w.of_one as select k, x from w.base; create view w.of_group as select k, x from w.base");
        empty("v_one", "select k, x from w.of_one");
        empty("v_two", "select k, x from w.v_one");
        empty("g_a", "select k, x from w.base");
        empty("v_reader", "select k, x from w.g_a");
        empty("g_b", "select k, x from w.v_reader");
        empty("h_a", "select k, x from w.of_group");
        empty("h_b", "select k, x from w.h_a");
        workshop.asRefresher("create or replace view w.of_one as select k, x from w.v_two;"
                + "create or replace view w.of_group as select k, x from w.h_b");
        for (String group : List.of("g", "h")) {
            settings.group("together_" + group, "w." + group + "_*")
                    .with("groups.together_" + group + ".consistent", "true")
                    .with("groups.together_" + group + ".plain-refresh", "unpopulated");
        }
        try (var replica = new Replica(workshop.database(), settings)) {
            replica.turn();
            assertThat(workshop.strings(
                            "select view_name from viewkeeper.view_state where refusal like '%not populated%'"
                                    + " and view_name !~ '^v_([0-9]|root)' order by 1"))
                    .contains("v_one", "v_two", "v_reader", "g_b", "h_a", "h_b");
            assertThat(workshop.string("select refusal from viewkeeper.view_state where view_name = 'g_a'"))
                    .isEqualTo("other: its group is consistent, and w.g_b of the same group is refused");
            assertThat(workshop.strings(
                            "select refusal from viewkeeper.view_state where view_name in ('v_one', 'v_two')"))
                    .anySatisfy(refusal -> assertThat(refusal).contains("waits for it in turn"));
            // Whoever fills one of them fills all.
            workshop.asRefresher("create or replace view w.of_one as select k, x from w.base;"
                    + "create or replace view w.of_group as select k, x from w.base; refresh materialized view w.v_one;"
                    + "refresh materialized view w.g_a; refresh materialized view w.h_a");
            for (int level = 0; level < 3; level++) {
                replica.turn();
            }
            assertThat(workshop.strings("select matviewname from pg_matviews where schemaname = 'w' and not ispopulated"
                            + " and matviewname !~ '^v_([0-9]|root)'"))
                    .isEmpty();
        }
    }

    /** By hand, after ours: readers fail meanwhile. */
    @Test
    void aViewWhoseInputIsEmptiedKeepsWhatItShowsAndIsNotSuspended() {
        workshop.asOwner("update w.base set x = 1");
        try (var replica = new Replica(workshop.database(), settings)) {
            replica.turn();
            workshop.asOwner("update w.base set x = 0").asRefresher("refresh materialized view w.v_root with no data");
            for (int i = 0; i < 10; i++) {
                replica.advance(Duration.ofSeconds(20));
                replica.turn();
            }
            assertThat(workshop.string("select y::text from w.v_1")).isEqualTo("1");
            assertThat(workshop.string("select suspended_at from viewkeeper.view_state where view_name = 'v_1'"))
                    .isEqualTo("null");
            assertThat(failures(replica, "v_2")).as("its input has data").isEmpty();
        }
    }

    private List<RefreshFailed> failures(Replica replica, String view) {
        return workshop.events(replica.database()).stream()
                .filter(RefreshFailed.class::isInstance)
                .map(RefreshFailed.class::cast)
                .filter(event -> event.run().view().name().equals(view))
                .toList();
    }
}
