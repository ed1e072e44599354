// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.shapes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.viewkeeper.refresher.Replica;
import io.viewkeeper.refresher.Settings;
import io.viewkeeper.sandbox.server.PostgresServer;
import io.viewkeeper.sandbox.server.PostgresVersion;
import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.sandbox.server.SandboxDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every shape on every version of PostgreSQL: refreshed as its policy says, refused with the reason, or failed with the category. */
@Tag("server")
class AnybodysViewsTest {
    private static final String BASE = """
        create schema base;
        grant usage on schema base to viewkeeper_refresher;
        create table base.secret as select 1 as i;
        alter default privileges in schema base grant select on tables to viewkeeper_refresher;
        create table base.numbers as select i from generate_series(1, 10) i;
        create type base.pair as (a int, b text);
        create type base.mood as enum ('sad', 'ok', 'happy');
        create domain base.positive as int check (value > 0);
        create table public.unqualified as select i from generate_series(1, 10) i;
        grant select on public.unqualified to viewkeeper_refresher;
        """;

    private static final String OTHER_OWNERS = """
        do $roles$
        begin
          if not exists (select from pg_roles where rolname = 'base_owner') then
            create role base_owner;
            create role base_friend;
            grant base_friend to viewkeeper_refresher;
          end if;
        end
        $roles$
        """;

    /** The oldest and the newest version: they differ in whatever has changed between any two. */
    @TestFactory
    Stream<DynamicContainer> isRefreshedOrRefusedWithTheRightReason() {
        return on(PostgresVersion.V15, PostgresVersion.V18);
    }

    @TestFactory
    @Tag("release")
    Stream<DynamicContainer> isRefreshedOrRefusedWithTheRightReasonInBetweenToo() {
        return on(PostgresVersion.V16, PostgresVersion.V17);
    }

    @Test
    void noVersionIsLeftOut() {
        assertThat(PostgresVersion.values())
                .containsExactly(PostgresVersion.V15, PostgresVersion.V16, PostgresVersion.V17, PostgresVersion.V18);
    }

    /** A version's server starts when its tests are asked for. */
    private static Stream<DynamicContainer> on(PostgresVersion... versions) {
        return Arrays.stream(versions)
                .map(version -> dynamicContainer("PostgreSQL " + version.major(), testsOn(version)));
    }

    private static List<DynamicTest> testsOn(PostgresVersion version) {
        List<Shape> shapes = shapes(version);
        var database = PostgresServer.shared(version).migratedDatabase();
        try {
            create(shapes, database);
            refreshTwice(database);
        } catch (SQLException refused) {
            throw new IllegalStateException("PostgreSQL " + version.major(), refused);
        }
        var tests = new ArrayList<DynamicTest>();
        for (Shape shape : shapes) {
            tests.add(test(
                    shape.view().toString(),
                    database,
                    connection -> new Aftermath(connection, shape.view()).assertIs(shape.expected())));
        }
        tests.add(test(
                "upstream first",
                database,
                connection -> Aftermath.assertOrder(connection, List.of("z layer 1", "m layer 2", "a layer 3"))));
        tests.add(test("nothing is left under way", database, Aftermath::assertNothingUnderWay));
        return tests;
    }

    private interface Assertion {
        void holds(Connection connection) throws SQLException;
    }

    private static DynamicTest test(String name, SandboxDatabase database, Assertion assertion) {
        return dynamicTest(name, () -> {
            try (var connection = database.connect(Role.SUPERUSER)) {
                assertion.holds(connection);
            }
        });
    }

    private static List<Shape> shapes(PostgresVersion version) {
        return Stream.of(NamedShapes.all(), IndexShapes.all(), DataShapes.all(), TrappedShapes.all(version.major()))
                .flatMap(shapes -> shapes)
                .toList();
    }

    private static void create(List<Shape> shapes, SandboxDatabase database) throws SQLException {
        database.execute(Role.SUPERUSER, OTHER_OWNERS);
        database.execute(Role.OWNER, BASE);
        var schemas =
                shapes.stream().map(shape -> shape.view().schema()).distinct().toList();
        for (String schema : schemas) {
            String quoted = '"' + schema.replace("\"", "\"\"") + '"';
            database.execute(
                    Role.OWNER,
                    "create schema " + quoted + "; grant usage, create on schema " + quoted
                            + " to viewkeeper_refresher");
        }
        try (var superuser = database.connect(Role.SUPERUSER);
                var owner = database.connect(Role.OWNER);
                var refresher = database.connect(Role.REFRESHER)) {
            var connections = Map.of(Role.SUPERUSER, superuser, Role.OWNER, owner, Role.REFRESHER, refresher);
            for (Shape shape : shapes) {
                shape.create(connections);
            }
        }
    }

    private static void refreshTwice(SandboxDatabase database) {
        var settings = new Settings()
                .group("strict", "*")
                .group("fill", Shape.UNPOPULATED + ".*")
                .with("groups.fill.plain-refresh", "unpopulated")
                .group("needed", Shape.WHEN_NEEDED + ".*")
                .with("groups.needed.plain-refresh", "when-needed")
                .group("always", Shape.ALWAYS + ".*")
                .with("groups.always.plain-refresh", "always")
                .with("views.\"never.slow\".statement-timeout", "300ms")
                .with("views.\"never.small\".work-mem", "64kB");
        try (var replica = new Replica(database, settings)) {
            replica.turn();
            // Longer than the interval, and than any wait after a failure.
            replica.advance(Duration.ofHours(2));
            replica.turn();
        }
    }
}
