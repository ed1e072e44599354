// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.change;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.refresher.Replica;
import io.viewkeeper.refresher.Settings;
import io.viewkeeper.refresher.Workshop;
import io.viewkeeper.refresher.run.RefreshOutcome;
import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.sandbox.server.SandboxDatabase;
import io.viewkeeper.schema.codec.ViewStateReader;
import io.viewkeeper.schema.event.RefreshCompleted;
import io.viewkeeper.schema.event.ViewState;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code changed: false} is a promise: nobody, not only we, has changed what the view shows. */
@Tag("server")
class ChangedByOthersTest {
    private static final String CREATE =
            "create materialized view w.v as select k, x from w.base;" + "create unique index on w.v (k)";

    private final Workshop workshop = new Workshop();
    private final Settings settings = new Settings()
            .group("g", "w.v*")
            .with("groups.g.lock-timeout", "1h")
            .with("groups.g.vacuum-after", "0");
    private final Replica replica = new Replica(workshop.database(), settings);

    @BeforeEach
    void createView() {
        workshop.asOwner("create table w.base (k int primary key, x int not null);"
                        + "insert into w.base select i, i from generate_series(1, 100) i")
                .asRefresher(CREATE);
        replica.turn();
    }

    @AfterEach
    void close() {
        replica.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "refresh materialized view w.v",
                "refresh materialized view concurrently w.v",
                "begin; refresh materialized view w.v; refresh materialized view concurrently w.v; commit",
                "drop materialized view w.v; " + CREATE,
                "drop materialized view w.v; create materialized view w.v as select k, -x as x from w.base;"
                        + "create unique index on w.v (k)",
                "alter materialized view w.v rename to old; create materialized view w.v as select k, 7 as x from w.base;"
                        + "create unique index on w.v (k)",
                "alter materialized view w.v rename to away; refresh materialized view w.away;"
                        + "alter materialized view w.away rename to v"
            })
    void theNextEventSaysThatItChanged(String change) {
        assertThat(changedAfter()).as("before").isFalse();
        workshop.asOwner("update w.base set x = x + 1 where k <= 3").asRefresher(change);
        assertThat(changedAfter()).isTrue();
        RefreshCompleted event = events().getLast();
        assertThat(event.rowsInserted()).as("nothing was left to do").isZero();
        assertThat(event.previousDataAsOf() == null)
                .as("another view has no past")
                .isEqualTo(event.run().viewOid() != events().getFirst().run().viewOid());
        assertThat(changedAfter()).as("and then no more").isFalse();
    }

    /** With all oids and versions of its template; its events have other keys, so that nobody was told anything yet. */
    @Test
    void inACopyOfTheDatabaseEachViewHasChanged() throws SQLException {
        var here = workshop.database();
        var copy = new SandboxDatabase(here.host(), here.port(), here.name() + "_copy", here.password());
        replica.close();
        try (var administration =
                new SandboxDatabase(here.host(), here.port(), "postgres", here.password()).connect(Role.SUPERUSER)) {
            administration
                    .createStatement()
                    .execute("create database \"" + copy.name() + "\" template \"" + here.name() + "\"");
        }
        try (var there = new Replica(copy, settings)) {
            there.advance(Duration.ofHours(1));
            assertThat(there.turn())
                    .singleElement()
                    .isInstanceOfSatisfying(
                            RefreshOutcome.Completed.class,
                            completed -> assertThat(completed.event().changed()).isTrue());
            there.advance(Duration.ofHours(1));
            assertThat(there.turn())
                    .singleElement()
                    .isInstanceOfSatisfying(
                            RefreshOutcome.Completed.class,
                            completed -> assertThat(completed.event().changed()).isFalse());
        }
    }

    @Test
    void theFirstEventOfAViewSaysThatItChanged() {
        assertThat(events()).singleElement().satisfies(event -> {
            assertThat(event.changed()).isTrue();
            assertThat(event.previousDataAsOf()).isNull();
        });
    }

    @Test
    void nothingThatLeavesTheContentAloneCountsAsAChange() throws SQLException {
        refreshWithoutAnyChange(16);
    }

    @Test
    @Tag("release")
    void aThousandRefreshesWithoutAnyChangeSaySo() throws SQLException {
        refreshWithoutAnyChange(1_000);
    }

    private void refreshWithoutAnyChange(int refreshes) throws SQLException {
        String[] harmless = {
            "vacuum w.v",
            "analyze w.v",
            "vacuum freeze w.v",
            "reindex table w.v",
            "create index v_x on w.v (x)",
            "drop index w.v_x",
            "select count(*) from w.v",
            "analyze w.base"
        };
        try (var connection = workshop.database().connect(Role.SUPERUSER)) {
            for (int i = 0; i < refreshes; i++) {
                connection.createStatement().execute(harmless[i % harmless.length]);
                assertThat(changedAfter())
                        .as("after " + harmless[i % harmless.length])
                        .isFalse();
            }
        }
        assertThat(workshop.string("select change_noticed_at from viewkeeper.view_state where view_name = 'v'"))
                .isEqualTo("null");
    }

    /** Ours has looked, and waits for theirs. */
    @Test
    void aRefreshThatEndsWhileOursWaitsForItCounts() throws SQLException {
        try (var other = workshop.database().connect(Role.REFRESHER)) {
            workshop.asOwner("update w.base set x = x + 1 where k <= 3");
            other.setAutoCommit(false);
            other.createStatement().execute("refresh materialized view concurrently w.v");
            replica.advance(Duration.ofHours(1));
            replica.begin();
            workshop.awaitRefreshOf("v");
            other.commit();
        }
        replica.end();
        assertThat(events().getLast()).satisfies(event -> {
            assertThat(event.changed()).isTrue();
            assertThat(event.rowsInserted()).as("theirs has done the work").isZero();
        });
    }

    /** Of a whole group's snapshot, which is older than the wait for theirs, nothing newer may become visible. */
    @Test
    void aConsistentGroupDoesNotMixItsSnapshotWithTheirRefresh() throws SQLException {
        settings.with("groups.g.consistent", "true");
        try (var grouped = new Replica(workshop.database(), settings);
                var other = workshop.database().connect(Role.REFRESHER)) {
            other.setAutoCommit(false);
            workshop.asOwner("update w.base set x = x + 1 where k <= 3");
            other.createStatement().execute("refresh materialized view concurrently w.v");
            grouped.advance(Duration.ofHours(1));
            grouped.begin();
            workshop.awaitRefreshOf("v");
            other.commit();
            assertThat(grouped.end()).first().isInstanceOfSatisfying(RefreshOutcome.Failed.class, failed -> {
                assertThat(failed.event().error().message()).contains("after the snapshot of its group was taken");
                assertThat(failed.event().error().retryable()).isTrue();
            });
            grouped.advance(Duration.ofHours(1));
            grouped.turn();
            assertThat(events().getLast().changed()).isTrue();
        }
    }

    @Test
    void aChangeIsNoticedAndAnnouncedOnceThoughTheViewIsNotDue() {
        workshop.asRefresher("refresh materialized view w.v");
        replica.turn();
        replica.turn();
        List<ViewState> states = states();
        assertThat(states.getLast().changeNoticedAt()).isNotNull();
        assertThat(states.stream().filter(state -> state.changeNoticedAt() != null))
                .hasSize(1);
        assertThat(events()).as("no refresh of ours").hasSize(1);
        changedAfter();
        assertThat(states().getLast().changeNoticedAt()).isNull();
    }

    @Test
    void aViewThatWasRenamedAndIsBackCountsAsChanged() {
        workshop.asRefresher("alter materialized view w.v rename to away; alter materialized view w.away rename to v");
        assertThat(changedAfter()).isTrue();
        assertThat(changedAfter()).isFalse();
    }

    @Test
    void aGrantCostsOneRefreshThatSaysChanged() {
        workshop.asRefresher("grant select on w.v to viewkeeper_owner");
        assertThat(changedAfter()).isTrue();
        assertThat(changedAfter()).isFalse();
    }

    private boolean changedAfter() {
        replica.advance(Duration.ofHours(1));
        replica.turn();
        return events().getLast().changed();
    }

    private List<RefreshCompleted> events() {
        return workshop.events(replica.database()).stream()
                .filter(RefreshCompleted.class::isInstance)
                .map(RefreshCompleted.class::cast)
                .filter(event -> event.run().view().name().equals("v"))
                .toList();
    }

    private List<ViewState> states() {
        return replica.database()
                .query(
                        "select type, payload::text as payload from viewkeeper.event_outbox"
                                + " where aggregatetype = 'view-state' and aggregateid = 'w.v' and payload is not null order by position",
                        row -> ViewStateReader.read(row.getString("type"), row.getString("payload")));
    }
}
