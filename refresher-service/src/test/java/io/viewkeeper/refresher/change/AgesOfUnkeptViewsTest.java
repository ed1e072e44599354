// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.change;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.refresher.Replica;
import io.viewkeeper.refresher.Settings;
import io.viewkeeper.refresher.Workshop;
import io.viewkeeper.refresher.command.ViewCommands;
import io.viewkeeper.sandbox.server.PostgresServer;
import io.viewkeeper.sandbox.server.PostgresVersion;
import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.schema.event.ViewName;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever others do with a view that we do not refresh: its data are not said to be younger than they are. */
@Tag("server")
class AgesOfUnkeptViewsTest {
    private static final List<String> NO_REFRESH = List.of(
            "vacuum full w.%1$s",
            "vacuum freeze w.%1$s",
            "cluster w.%1$s using %1$s_k_idx",
            "grant select on w.%1$s to public",
            "grant select on w.%1$s to public",
            "alter materialized view w.%1$s set (fillfactor = 90)",
            "alter materialized view w.%1$s set (fillfactor = 90)",
            "alter materialized view w.%1$s replica identity full",
            "alter materialized view w.%1$s rename to away; alter materialized view w.away rename to %1$s",
            "alter materialized view w.%1$s set schema elsewhere; alter materialized view elsewhere.%1$s set schema w",
            "begin; savepoint s; refresh materialized view w.%1$s; rollback to s; grant select on w.%1$s to public; commit");

    private static final List<String> REFRESHES = List.of(
            "refresh materialized view concurrently w.others",
            "begin; refresh materialized view concurrently w.others; cluster w.others using others_k_idx; commit",
            "refresh materialized view w.others",
            "begin; savepoint a; refresh materialized view w.others; release a; savepoint b; grant select on w.others to public; commit",
            "do 'begin begin refresh materialized view w.others; exception when division_by_zero then null; end; end'",
            "drop materialized view w.others; create materialized view w.others as select k, x from w.base;"
                    + "create unique index on w.others (k)");

    private final Settings settings = new Settings().group("g", "w.kept", "1h");

    @Test
    void onlyARefreshMakesAViewYounger() throws SQLException {
        onlyARefreshMakesAViewYounger(PostgresVersion.V18);
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"V18"})
    @Tag("release")
    void onlyARefreshMakesAViewYoungerOnOlderVersions(PostgresVersion version) throws SQLException {
        onlyARefreshMakesAViewYounger(version);
    }

    private void onlyARefreshMakesAViewYounger(PostgresVersion version) throws SQLException {
        var workshop = withBase(version);
        workshop.view("kept", "select k, x from w.base")
                .view("others", "select k, x from w.base")
                .view("untouched", "select k, x from w.base");
        try (var replica = new Replica(workshop.database(), settings);
                var session = workshop.database().connect(Role.REFRESHER)) {
            replica.turn();
            replica.database()
                    .inTransaction(own -> ViewCommands.suspend(own, new ViewName("w", "kept"), "alice", null));
            execute(session, "refresh materialized view w.others");
            replica.turn();
            List<@Nullable Instant> ages = ages(workshop);
            assertThat(ages.subList(0, 2)).doesNotContainNull();
            assertThat(ages.getLast()).isNull();
            for (String statement : NO_REFRESH) {
                for (String view : List.of("kept", "others", "untouched")) {
                    execute(session, statement.formatted(view));
                }
                replica.turn();
                assertThat(ages(workshop)).as(statement).isEqualTo(ages);
            }
            for (String refresh : REFRESHES) {
                workshop.asOwner("update w.base set x = x + 1 where k = 50");
                Instant before = moment(workshop);
                replica.turn();
                Instant looked = moment(workshop);
                execute(session, refresh);
                replica.turn();
                assertThat(ages(workshop).get(1)).as(refresh).isBetween(before, looked);
            }
        }
    }

    /** Blue/green: what comes under the name is as old as it was before. */
    @Test
    void anotherViewUnderTheNameIsAsOldAsItsRows() throws SQLException {
        var workshop = withBase(PostgresVersion.V18);
        workshop.view("others", "select k, x from w.base").view("ancient", "select k, x from w.base");
        try (var replica = new Replica(workshop.database(), settings);
                var session = workshop.database().connect(Role.REFRESHER)) {
            replica.turn();
            Instant looked = moment(workshop);
            workshop.view("green", "select k, x from w.base");
            replica.turn();
            workshop.asOwner("update w.base set x = x + 1");
            execute(session, "refresh materialized view w.others");
            replica.turn();
            assertThat(dataAsOf(workshop, "others")).isAfter(looked);
            swap(session, "others", "green");
            replica.turn();
            assertThat(dataAsOf(workshop, "others")).isNotNull().isBefore(looked);
            swap(session, "others", "ancient");
            replica.turn();
            assertThat(dataAsOf(workshop, "others")).as("from before all looks").isNull();
        }
    }

    /** REFRESH takes its snapshot, waits for the lock, and gets a number of its own only then. */
    @Test
    void aRefreshThatWaitedForItsLockIsAsOldAsItsSnapshot() throws Exception {
        var workshop = withBase(PostgresVersion.V18);
        workshop.view("others", "select k, x from w.base");
        try (var replica = new Replica(workshop.database(), settings);
                var reader = workshop.database().connect(Role.REFRESHER);
                var session = workshop.database().connect(Role.REFRESHER)) {
            replica.turn();
            Instant looked = moment(workshop);
            reader.setAutoCommit(false);
            execute(reader, "select from w.others");
            var refresh = Thread.ofVirtual().start(() -> {
                try {
                    execute(session, "refresh materialized view w.others");
                } catch (SQLException wrong) {
                    throw new AssertionError(wrong);
                }
            });
            workshop.awaitWaitForALock();
            workshop.asOwner("update w.base set x = x + 1");
            replica.turn();
            reader.commit();
            refresh.join();
            replica.turn();
            assertThat(workshop.string("select count(distinct xmin::text) from w.others where x = k"))
                    .as("its snapshot shows nothing of the update")
                    .isEqualTo("1");
            assertThat(dataAsOf(workshop, "others")).isNotNull().isBefore(looked);
        }
    }

    @Test
    void whatWeMayNotReadKeepsItsAge() throws SQLException {
        var workshop = withBase(PostgresVersion.V18);
        workshop.asRefresher("grant create on schema w to viewkeeper_owner");
        workshop.asOwner("create materialized view w.others as select k, x from w.base");
        try (var replica = new Replica(workshop.database(), settings);
                var session = workshop.database().connect(Role.OWNER)) {
            execute(session, "revoke select on w.others from viewkeeper_refresher");
            replica.turn();
            execute(session, "refresh materialized view w.others");
            replica.turn();
            assertThat(dataAsOf(workshop, "others")).isNull();
            Instant looked = moment(workshop);
            execute(session, "grant select on w.others to viewkeeper_refresher");
            replica.turn();
            assertThat(dataAsOf(workshop, "others"))
                    .as("now its rows tell")
                    .isNotNull()
                    .isBefore(looked);
        }
    }

    @Test
    void aViewThatWasEmptiedHasNoAge() {
        var workshop = withBase(PostgresVersion.V18).view("kept", "select k, x from w.base");
        try (var replica = new Replica(workshop.database(), settings)) {
            replica.turn();
            assertThat(dataAsOf(workshop, "kept")).isNotNull();
            workshop.asRefresher("refresh materialized view w.kept with no data");
            replica.turn();
            assertThat(dataAsOf(workshop, "kept")).isNull();
            assertThat(workshop.string("select refusal from viewkeeper.view_state where view_name = 'kept'"))
                    .contains("the view is not populated");
            workshop.asRefresher("refresh materialized view w.kept");
            replica.turn();
            assertThat(dataAsOf(workshop, "kept")).isNotNull();
        }
    }

    private static Workshop withBase(PostgresVersion version) {
        return new Workshop(PostgresServer.shared(version).migratedDatabase())
                .asOwner("create schema elsewhere; grant usage, create on schema elsewhere to viewkeeper_refresher;"
                        + "create table w.base (k int primary key, x int not null);"
                        + "insert into w.base select i, i from generate_series(1, 100) i");
    }

    private static void swap(Connection session, String one, String other) throws SQLException {
        execute(
                session,
                "begin; alter materialized view w.%1$s rename to away; alter materialized view w.%2$s rename to %1$s;"
                                .formatted(one, other)
                        + "alter materialized view w.away rename to %s; commit".formatted(other));
    }

    private static void execute(Connection session, String sql) throws SQLException {
        try (var statement = session.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Of the views kept, others and untouched. */
    private static List<@Nullable Instant> ages(Workshop workshop) {
        var ages = new ArrayList<@Nullable Instant>();
        for (String view : List.of("kept", "others", "untouched")) {
            ages.add(dataAsOf(workshop, view));
        }
        return ages;
    }

    private static @Nullable Instant dataAsOf(Workshop workshop, String view) {
        return instant(
                workshop,
                "select (extract(epoch from data_as_of) * 1000000)::bigint from analytics.view_freshness"
                        + " where schemaname = 'w' and matviewname = '" + view + "'");
    }

    private static Instant moment(Workshop workshop) {
        return requireNonNull(instant(workshop, "select (extract(epoch from clock_timestamp()) * 1000000)::bigint"));
    }

    private static @Nullable Instant instant(Workshop workshop, String micros) {
        String found = workshop.string(micros);
        return found.equals("null") ? null : Instant.EPOCH.plus(Long.parseLong(found), ChronoUnit.MICROS);
    }
}
