// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("server")
class PostgresServerTest {

    private static final PostgresServer SERVER = PostgresServer.shared();

    @ParameterizedTest
    @EnumSource(Role.class)
    void everyRoleConnectsAndOnlyTheSuperuserIsOne(Role role) throws SQLException {
        var database = SERVER.migratedDatabase();

        assertThat(one(database, role, "select current_user")).isEqualTo(role.roleName());
        assertThat(one(
                        database,
                        role,
                        "select rolsuper or rolcreaterole or rolcreatedb from pg_roles where rolname = current_user"))
                .isEqualTo(role == Role.SUPERUSER ? "t" : "f");
    }

    @Test
    void metricsReadsTheRefreshLogAndCannotWriteIt() throws SQLException {
        var database = SERVER.migratedDatabase();

        assertThat(one(database, Role.METRICS, "select count(*) from analytics.view_refresh_log"))
                .isEqualTo("0");
        assertThatThrownBy(() -> database.execute(Role.METRICS, "delete from analytics.view_refresh_log"))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("permission denied");
    }

    @Test
    void refusesAWrongPassword() {
        var database = SERVER.database("postgres");
        var guess = new SandboxDatabase(database.host(), database.port(), database.name(), "guess");

        assertThatThrownBy(() -> guess.connect(Role.SUPERUSER))
                .isInstanceOfSatisfying(
                        SQLException.class,
                        failure -> assertThat(failure.getSQLState()).isEqualTo("28P01"));
    }

    @Test
    void databasesDoNotSeeEachOther() throws SQLException {
        var left = SERVER.migratedDatabase();
        var right = SERVER.migratedDatabase();

        left.execute(Role.OWNER, "create table viewkeeper.only_here ()");

        var question = "select to_regclass('viewkeeper.only_here') is not null";
        assertThat(one(left, Role.OWNER, question)).isEqualTo("t");
        assertThat(one(right, Role.OWNER, question)).isEqualTo("f");
    }

    @Test
    void claimsAreOnlyInTheClaimsDatabase() throws SQLException {
        var question = "select count(*) > 0 from pg_tables where schemaname = 'staging'";

        assertThat(one(SERVER.claimsDatabase(), Role.OWNER, question)).isEqualTo("t");
        assertThat(one(SERVER.migratedDatabase(), Role.OWNER, question)).isEqualTo("f");
    }

    @Test
    void aCloneIsLikeADatabaseThatWasMigrated() throws SQLException {
        var migrated = SERVER.createDatabase("migrated_alone", MigrationOptions.claims());
        var first = SERVER.claimsDatabase();
        long begin = System.nanoTime();
        var second = SERVER.claimsDatabase();
        System.out.printf("Cloned a migrated database in %s%n", Duration.ofNanos(System.nanoTime() - begin));

        assertThat(databaseProperties(first)).isEqualTo(databaseProperties(migrated));
        assertThat(databaseProperties(second)).isEqualTo(databaseProperties(migrated));
        assertThat(databaseProperties(migrated))
                .anySatisfy(line -> assertThat(line).contains("search_path"));
    }

    /** What belongs to the database as such, and is not copied by CREATE DATABASE … TEMPLATE. */
    private static List<String> databaseProperties(SandboxDatabase database) throws SQLException {
        return all(database, Role.SUPERUSER, """
                select 'setting ' || pg_catalog.array_to_string(setting.setconfig, ' ')
                from pg_catalog.pg_db_role_setting as setting
                join pg_catalog.pg_database as here on here.oid = setting.setdatabase
                where here.datname = pg_catalog.current_database()
                union all
                select pg_catalog.concat_ws(' ', 'privilege', grantee::pg_catalog.regrole, grantor::pg_catalog.regrole, privilege_type)
                from pg_catalog.pg_database as here
                cross join lateral pg_catalog.aclexplode(here.datacl)
                where here.datname = pg_catalog.current_database()
                union all
                select pg_catalog.concat_ws(' ', 'owner', datdba::pg_catalog.regrole, datallowconn, datistemplate)
                from pg_catalog.pg_database
                where datname = pg_catalog.current_database()
                order by 1
                """);
    }

    @Test
    void carriesTheExtensionsOfProduction() throws SQLException {
        var database = SERVER.migratedDatabase();

        assertThat(all(database, Role.METRICS, "select extname from pg_extension order by 1"))
                .contains("pg_stat_statements", "pg_buffercache", "pgstattuple");
        assertThat(one(database, Role.METRICS, "select count(*) > 0 from pg_stat_statements"))
                .isEqualTo("t");
    }

    @Test
    void databasesOfAnotherBusinessTimeZoneHaveATemplateOfTheirOwn() throws SQLException {
        var newYork = MigrationOptions.claims().withBusinessTimeZone(ZoneId.of("America/New_York"));
        var mentions = "select count(*) > 0 from pg_matviews where definition like '%America/New_York%'";

        assertThat(one(SERVER.cloneOf(newYork), Role.OWNER, mentions)).isEqualTo("t");
        assertThat(one(SERVER.claimsDatabase(), Role.OWNER, mentions)).isEqualTo("f");
    }

    @Test
    void theSharedServerRefusesToBeStopped() {
        assertThatThrownBy(SERVER::stop).hasMessageContaining("start one of your own");
        assertThatThrownBy(SERVER::kill).hasMessageContaining("start one of your own");
        assertThatThrownBy(SERVER::restart).hasMessageContaining("start one of your own");
        assertThatThrownBy(SERVER::close).hasMessageContaining("start one of your own");
    }

    private static String one(SandboxDatabase database, Role role, String sql) throws SQLException {
        return all(database, role, sql).getFirst();
    }

    private static List<String> all(SandboxDatabase database, Role role, String sql) throws SQLException {
        try (var connection = database.connect(role);
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            var values = new ArrayList<String>();
            while (rows.next()) {
                values.add(rows.getString(1));
            }
            return values;
        }
    }
}
