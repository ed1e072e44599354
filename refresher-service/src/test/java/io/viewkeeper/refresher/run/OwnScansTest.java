// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.refresher.Replica;
import io.viewkeeper.refresher.Settings;
import io.viewkeeper.sandbox.server.Await;
import io.viewkeeper.sandbox.server.PostgresServer;
import io.viewkeeper.sandbox.server.PostgresVersion;
import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.sandbox.server.SandboxDatabase;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What refreshes scan is noted in their own transactions, so that the metrics service can leave it out: all of it, once. */
@Tag("server")
class OwnScansTest {
    private static final String COUNTED = """
            select c.relname, pg_catalog.pg_stat_get_numscans(c.oid)
            from pg_catalog.pg_class c
            where c.relnamespace = 'sales'::regnamespace
              and c.relkind in ('r', 'm', 'i')
            """;

    private static final String UNSURE = """
            select c.relname, sum((o.value ->> 1)::bigint)
            from viewkeeper.view_state s
            cross join lateral pg_catalog.jsonb_each(s.own_scans) o
            join pg_catalog.pg_class c on c.oid = o.key::oid
            group by c.relname
            """;

    private static final String NOTED = """
            select c.relname, sum((o.value ->> 0)::bigint)
            from viewkeeper.view_state s
            cross join lateral pg_catalog.jsonb_each(s.own_scans) o
            join pg_catalog.pg_class c on c.oid = o.key::oid
            group by c.relname
            """;

    @ParameterizedTest
    @CsvSource({"V15, false", "V15, true", "V18, false", "V18, true"})
    void allScansOfRefreshesAreNotedOnce(PostgresVersion version, boolean consistent) throws SQLException {
        var database = PostgresServer.shared(version).migratedDatabase();
        database.execute(Role.OWNER, """
            create schema sales;
            create table sales.orders (customer int primary key, amount int not null);
            insert into sales.orders select i, i % 10 from generate_series(1, 20000) i;
            create function sales.count() returns bigint language sql as 'select count(*) from sales.orders';
            grant usage, create on schema sales to viewkeeper_refresher;
            grant select on sales.orders to viewkeeper_refresher;
            analyze sales.orders;
            """);
        database.execute(Role.REFRESHER, """
            create materialized view sales.totals as
              select amount, count(*), sales.count() as of from sales.orders group by amount;
            create unique index on sales.totals (amount);
            create materialized view sales.few as select customer, amount from sales.orders where customer between 7 and 9;
            create unique index on sales.few (customer);
            create materialized view sales.above as select f.customer, o.amount from sales.few f join sales.orders o using (customer);
            create unique index on sales.above (customer);
            """);
        flushed(database);
        var before = read(database, COUNTED);
        var settings = new Settings().group("g", "sales.*").with("groups.g.consistent", Boolean.toString(consistent));
        try (var replica = new Replica(database, settings)) {
            for (int i = 0; i < 4; i++) {
                assertThat(replica.turn()).isNotNull();
                replica.advance(Duration.ofMinutes(62));
            }
        }
        Await.until(
                () -> "noted " + now(database, NOTED) + ", counted " + counted(database, before),
                () -> now(database, NOTED).equals(counted(database, before)));
        assertThat(read(database, NOTED))
                .containsKeys("orders", "orders_pkey", "totals", "few", "above")
                .allSatisfy((_, scans) -> assertThat(scans).isPositive());
    }

    /** Of small tables, too: the planner asks for no size of a partition, nor where a number of workers is set. */
    @ParameterizedTest
    @EnumSource(names = {"V15", "V18"})
    void whatParallelWorkersMayHaveScannedIsSaidOfEachTable(PostgresVersion version) throws SQLException {
        var database = PostgresServer.shared(version).migratedDatabase();
        database.execute(Role.SUPERUSER, """
            do $$
            begin
              execute format('alter database %I set parallel_setup_cost = 0', current_database());
              execute format('alter database %I set parallel_tuple_cost = 0', current_database());
            end $$
            """);
        database.execute(Role.OWNER, """
            create schema sales;
            create table sales.orders (year int, amount int) partition by list (year);
            create table sales.orders_24 partition of sales.orders for values in (24);
            create table sales.orders_25 partition of sales.orders for values in (25);
            insert into sales.orders select 24 + i % 2, i % 10 from generate_series(1, 40000) i;
            create table sales.returns with (parallel_workers = 2) as select i % 10 as amount from generate_series(1, 40000) i;
            grant usage, create on schema sales to viewkeeper_refresher;
            grant select on all tables in schema sales to viewkeeper_refresher;
            analyze;
            """);
        database.execute(Role.REFRESHER, """
            create materialized view sales.totals as select amount, count(*) from sales.orders group by amount;
            create unique index on sales.totals (amount);
            create materialized view sales.returned as select amount, count(*) from sales.returns group by amount;
            create unique index on sales.returned (amount);
            """);
        Await.until(
                "the views' own making is counted",
                () -> now(database, COUNTED).getOrDefault("returns", 0L) > 0
                        && now(database, COUNTED).getOrDefault("orders_25", 0L) > 0);
        var before = read(database, COUNTED);
        try (var replica = new Replica(database, new Settings().group("g", "sales.*"))) {
            for (int i = 0; i < 3; i++) {
                assertThat(replica.turn()).isNotNull();
                replica.advance(Duration.ofMinutes(62));
            }
        }
        var scanned = List.of("orders_24", "orders_25", "returns");
        Await.until(
                "refreshes are counted",
                () -> counted(database, before).keySet().containsAll(scanned));
        assertThat(scanned)
                .allSatisfy(table -> assertThat(read(database, UNSURE).get(table))
                        .as(table)
                        .isPositive()
                        .isGreaterThanOrEqualTo(counted(database, before).get(table)
                                - read(database, NOTED).getOrDefault(table, 0L)));
    }

    /** What ended sessions did is counted a moment later. */
    private static void flushed(SandboxDatabase database) {
        Await.until(
                "the views' own making is counted", () -> now(database, COUNTED).getOrDefault("above", 0L) > 0);
    }

    private static Map<String, Long> counted(SandboxDatabase database, Map<String, Long> before) {
        var counted = now(database, COUNTED);
        before.forEach((relation, scans) -> counted.merge(relation, -scans, Long::sum));
        counted.values().removeIf(scans -> scans == 0);
        return counted;
    }

    private static Map<String, Long> now(SandboxDatabase database, String question) {
        try {
            return read(database, question);
        } catch (SQLException refused) {
            throw new IllegalStateException(refused);
        }
    }

    private static Map<String, Long> read(SandboxDatabase database, String question) throws SQLException {
        var scans = new TreeMap<String, Long>();
        try (var connection = database.connect(Role.SUPERUSER);
                var statement = connection.createStatement();
                var rows = statement.executeQuery(question)) {
            while (rows.next()) {
                scans.put(rows.getString(1), rows.getLong(2));
            }
        }
        return scans;
    }
}
