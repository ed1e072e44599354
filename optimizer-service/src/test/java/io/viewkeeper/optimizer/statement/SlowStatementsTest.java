// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.statement;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.optimizer.Connections;
import io.viewkeeper.optimizer.sql.StatementText;
import io.viewkeeper.optimizer.survey.StatementKind;
import io.viewkeeper.optimizer.survey.Surveyor;
import io.viewkeeper.sandbox.server.Await;
import io.viewkeeper.sandbox.server.PostgresServer;
import io.viewkeeper.sandbox.server.PostgresVersion;
import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.sandbox.server.SandboxDatabase;
import io.viewkeeper.schema.catalog.RolePath;
import io.viewkeeper.schema.statement.Notice;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Against PostgreSQL itself, in the oldest version and the newest. Slow is what takes a hundredth of a second. */
@Tag("server")
class SlowStatementsTest {
    private record Thresholds(Duration meanTime, long calls, double share, int top) implements StatementSettings {}

    private static final Thresholds USUAL = new Thresholds(Duration.ofMillis(10), 2, 0.01, 50);

    @ParameterizedTest
    @EnumSource(names = {"V15", "V18"})
    void aStatementIsSlowByItsMeanAndItsCallsWhateverItsValues(PostgresVersion version) {
        undisturbed(version, database -> {
            var slow = statements(database, USUAL);
            sleep(database, 3, "0.02");
            run(database, 50, "select pg_sleep(0.001), 'quick'");
            run(database, 2, "select pg_sleep(0.03), 'rare', 4711");
            var seen = slow.look().slow();
            assertThat(seen).hasSize(1);
            var statement = seen.getFirst();
            assertThat(statement.kind()).isEqualTo(StatementKind.QUERY);
            assertThat(statement.counted().calls()).isEqualTo(3);
            assertThat(statement.counted().meanMillis()).isGreaterThan(20);
            assertThat(statement.redacted()).contains("pg_sleep").doesNotContain("0.02");
        });
    }

    @ParameterizedTest
    @EnumSource(names = "V18")
    void saysThatMoreStatementsAreSlowThanAreLookedAt(PostgresVersion version) {
        undisturbed(version, database -> {
            sleep(database, 3, "0.02");
            var one = statements(database, new Thresholds(Duration.ofMillis(10), 2, 0.01, 1));
            assertThat(one.look().survey().notices()).extracting(Notice::code).doesNotContain("statements-left-out");
            run(database, 3, "select pg_sleep(0.03), 'another'");
            var sighting = one.look();
            assertThat(sighting.slow()).hasSize(1);
            assertThat(sighting.survey().notices()).extracting(Notice::code).contains("statements-left-out");
        });
    }

    /** A day of what is too short for any limit: of an hour at least, so that a tenth of a second is a 36,000th. */
    @ParameterizedTest
    @EnumSource(names = {"V15", "V18"})
    void aQuickStatementIsLookedAtWhereItTakesMuchOfADay(PostgresVersion version) {
        undisturbed(version, database -> {
            run(database, 100, "select pg_sleep(0.002), 'often'");
            sleep(database, 3, "0.02");
            var costly = new Thresholds(Duration.ofMillis(10), 2, 0.2 / 3_600, 50);
            assertThat(statements(database, costly).look().slow())
                    .hasSize(2)
                    .first()
                    .satisfies(statement -> {
                        assertThat(statement.redacted()).isEqualTo("select pg_sleep($1), $2");
                        assertThat(statement.load().calls()).isEqualTo(100);
                        assertThat(statement.load().callsPerDay()).isEqualTo(2_400);
                        assertThat(statement.load().millisPerDay()).isGreaterThan(24 * 200);
                    });
            assertThat(statements(database, USUAL).look().slow())
                    .singleElement()
                    .satisfies(statement -> assertThat(statement.redacted()).isEqualTo("select pg_sleep($1)"));
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"V15", "V18"})
    void oneTextOfTwoSearchPathsIsTwoStatements(PostgresVersion version) throws SQLException {
        var database = PostgresServer.shared(version).migratedDatabase();
        String one = "one_" + database.name();
        String other = "other_" + database.name();
        database.execute(Role.SUPERUSER, """
                create schema app;
                create schema "Other App";
                create role %1$s login in role viewkeeper_owner password '%3$s';
                create role %2$s login in role viewkeeper_owner password '%3$s';
                create table app.orders as select 1 as id;
                create table "Other App".orders as select 1 as id;
                grant usage on schema app, "Other App" to viewkeeper_owner;
                grant select on app.orders, "Other App".orders to viewkeeper_owner;
                alter role %1$s set search_path = app, nowhere;
                alter role %2$s set search_path = nowhere;
                alter role %2$s in database "%4$s" set search_path = "Other App", "$user", public;
                """.formatted(one, other, database.password(), database.name()));
        try {
            sleepFromOrders(database, one, "app");
            sleepFromOrders(database, other, "\"Other App\"");
            assertThat(statements(database, USUAL).look().slow())
                    .filteredOn(statement -> statement.redacted().contains("orders"))
                    .hasSize(2)
                    .extracting(SlowStatement::path)
                    .containsExactlyInAnyOrder(
                            new RolePath(one, List.of("app"), false),
                            new RolePath(other, List.of("Other App", "public"), false));
            var known = StatementText.of("select * from orders where id = $1");
            assertThat(known.readBy(List.of("app")).id())
                    .isNotEqualTo(known.id())
                    .isNotEqualTo(known.readBy(List.of("Other App", "public")).id());
            var qualified = StatementText.of("select * from app.orders where id = $1");
            assertThat(qualified.readBy(List.of("app"))).isEqualTo(qualified);
        } finally {
            database.execute(Role.SUPERUSER, "drop role %s, %s".formatted(one, other));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"V15", "V18"})
    void whatRanSinceTheLastLookIsTheDifference(PostgresVersion version) {
        undisturbed(version, database -> {
            var slow = statements(database, USUAL);
            sleep(database, 3, "0.02");
            assertThat(slow.look().slow().getFirst().window().calls()).isEqualTo(3);
            sleep(database, 4, "0.05");
            var second = slow.look().slow().getFirst();
            assertThat(second.counted().calls()).isEqualTo(7);
            assertThat(second.window().calls()).isEqualTo(4);
            assertThat(second.window().meanMillis()).isGreaterThan(50);
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"V15", "V18"})
    void aResetAndAnEvictionBeginAnew(PostgresVersion version) {
        undisturbed(version, database -> {
            var slow = statements(database, USUAL);
            sleep(database, 6, "0.02");
            var before = slow.look().slow().getFirst();
            database.execute(
                    Role.SUPERUSER,
                    "select pg_stat_statements_reset(0::oid, (select oid from pg_database where datname = current_database()), "
                            + before.queryId() + ")");
            assertThat(slow.look().slow()).isEmpty();
            sleep(database, 3, "0.03");
            var after = slow.look().slow().getFirst();
            assertThat(after.id()).isEqualTo(before.id());
            assertThat(after.window().calls()).isEqualTo(3);
            assertThat(after.window().meanMillis()).isGreaterThan(30);
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"V15", "V18"})
    void aWindowIsClosedAfterAMinuteAndNoEarlier(PostgresVersion version) {
        undisturbed(version, database -> {
            var slow = statements(database, USUAL);
            sleep(database, 3, "0.02");
            slow.look();
            sleep(database, 3, "0.02");
            slow.look();
            assertThat(windows(database)).isEqualTo(1);
            database.execute(
                    Role.SUPERUSER, "update viewkeeper.statement_counter set seen_at = seen_at - interval '61 s'");
            slow.look();
            assertThat(windows(database)).isEqualTo(2);
            assertThat(slow.look().slow().getFirst().window().calls()).isZero();
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"V15", "V18"})
    void ourOwnStatementsAreLeftOut(PostgresVersion version) {
        undisturbed(version, database -> {
            for (var role : List.of(Role.OPTIMIZER, Role.REFRESHER, Role.METRICS)) {
                for (int i = 0; i < 3; i++) {
                    database.execute(role, "select pg_sleep(0.02)");
                }
            }
            if (version == PostgresVersion.V15) {
                // 18 keeps no comment that stands before a statement.
                run(database, 3, "/* viewkeeper:refresh */ select pg_sleep(0.02), current_user");
            }
            assertThat(statements(database, USUAL).look().slow()).isEmpty();
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"V15", "V18"})
    void noMoreThanTheTopAreReportedThoseWithTheMostTimeFirst(PostgresVersion version) {
        undisturbed(version, database -> {
            run(database, 3, "select pg_sleep(0.02)");
            run(database, 3, "select pg_sleep(0.15), 'b'");
            run(database, 3, "select pg_sleep(0.06), 'c', 'c'");
            var seen = statements(database, new Thresholds(Duration.ofMillis(10), 2, 0.01, 2))
                    .look()
                    .slow();
            assertThat(seen)
                    .extracting(SlowStatement::redacted)
                    .containsExactly("select pg_sleep($1), $2", "select pg_sleep($1), $2, $3");
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"V15", "V18"})
    void aMissingExtensionAMissingPrivilegeAndASuperuserAreSaid(PostgresVersion version) throws SQLException {
        var server = PostgresServer.shared(version);
        var database = server.migratedDatabase();
        assertThat(codes(database, "viewkeeper_optimizer")).isSubsetOf("evictions", "statistics-reset");
        assertThat(codes(database, "postgres")).contains("superuser");

        String blind = "blind_" + database.name();
        database.execute(
                Role.SUPERUSER,
                "create role " + blind + " login password '" + database.password()
                        + "'; grant usage on schema viewkeeper to " + blind
                        + "; grant select, insert, update on all tables in schema viewkeeper to " + blind);
        sleep(database, 3, "0.02");
        assertThat(codes(database, blind)).contains("privilege-missing");
        var unseen = statements(database, blind, USUAL).look();
        assertThat(unseen.slow())
                .allSatisfy(statement -> assertThat(statement.kind()).isEqualTo(StatementKind.HIDDEN));

        database.execute(Role.SUPERUSER, "drop extension pg_stat_statements cascade");
        assertThat(codes(database, "viewkeeper_optimizer")).contains("extension-missing");
        assertThat(statements(database, USUAL).look().slow()).isEmpty();
    }

    /** As in a session of that role. */
    private static void sleepFromOrders(SandboxDatabase database, String role, String path) throws SQLException {
        try (var connection = database.connect(Role.SUPERUSER);
                var statement = connection.createStatement()) {
            statement.execute("set role " + role);
            statement.execute("set search_path = " + path);
            for (int i = 0; i < 3; i++) {
                statement.execute("select pg_sleep(0.02) from orders");
            }
        }
    }

    @FunctionalInterface
    private interface Scenario {
        void on(SandboxDatabase database) throws SQLException;
    }

    /** In a fresh database; and in another one where it fails, and statements took long that do not by themselves. */
    private static void undisturbed(PostgresVersion version, Scenario scenario) {
        Await.until("a server that does not stand still", () -> {
            var database = PostgresServer.shared(version).migratedDatabase();
            long began = System.nanoTime();
            try {
                scenario.on(database);
                return true;
            } catch (AssertionError failure) {
                boolean tookAMinute =
                        System.nanoTime() - began > Duration.ofSeconds(50).toNanos();
                if (tookAMinute || stoodStill(database)) {
                    return false;
                }
                throw failure;
            }
        });
    }

    /** Nothing here sleeps for a second, and what sleeps for a thousandth is executed fifty times. */
    private static boolean stoodStill(SandboxDatabase database) throws SQLException {
        return count(database, Role.SUPERUSER, """
                select count(*)
                from pg_stat_statements s
                join pg_database d on d.oid = s.dbid
                join pg_roles r on r.oid = s.userid
                where d.datname = current_database()
                  and r.rolname = 'viewkeeper_owner'
                  and (s.max_exec_time > 1000
                    or s.mean_exec_time >= 10 and (s.query !~ 'pg_sleep' or s.calls = 50))
                """) > 0;
    }

    private static List<String> codes(SandboxDatabase database, String role) {
        return new Surveyor(Connections.as(role, database))
                .survey().notices().stream().map(Notice::code).toList();
    }

    private static SlowStatements statements(SandboxDatabase database, StatementSettings settings) {
        return statements(database, "viewkeeper_optimizer", settings);
    }

    private static SlowStatements statements(SandboxDatabase database, String role, StatementSettings settings) {
        var gateway = Connections.as(role, database);
        return new SlowStatements(gateway, new Surveyor(gateway), settings);
    }

    private static void sleep(SandboxDatabase database, int times, String seconds) throws SQLException {
        run(database, times, "select pg_sleep(" + seconds + ")");
    }

    private static void run(SandboxDatabase database, int times, String sql) throws SQLException {
        try (var connection = database.connect(Role.OWNER);
                var statement = connection.createStatement()) {
            for (int i = 0; i < times; i++) {
                statement.execute(sql);
            }
        }
    }

    private static long windows(SandboxDatabase database) throws SQLException {
        // On a busy machine others are slow, too.
        return count(
                database,
                Role.OPTIMIZER,
                "select count(*) from viewkeeper.statement_window join viewkeeper.statement using (statement_id)"
                        + " where text like '%pg_sleep%'");
    }

    private static long count(SandboxDatabase database, Role role, String sql) throws SQLException {
        try (var connection = database.connect(role);
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
