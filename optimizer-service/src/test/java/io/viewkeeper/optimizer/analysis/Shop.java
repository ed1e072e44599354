// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.analysis;

import io.viewkeeper.sandbox.server.PostgresServer;
import io.viewkeeper.sandbox.server.PostgresVersion;
import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.sandbox.server.SandboxDatabase;
import java.sql.ResultSet;
import java.sql.SQLException;

/** A database with orders and a view of them, {@code shop.totals}, that is refreshed whenever a test says so. */
record Shop(SandboxDatabase where) {

    static Shop on(PostgresVersion version) {
        return on(version, 100_000);
    }

    static Shop on(PostgresVersion version, int orders) {
        var shop = new Shop(PostgresServer.shared(version).migratedDatabase());
        shop.execute(Role.OWNER, """
                create schema shop;
                grant usage on schema shop to viewkeeper_optimizer;
                create table shop.orders with (autovacuum_enabled = false) as select i as id, i %% 500 as customer, repeat('x', 50) as note from generate_series(1, %d) i;
                create index orders_customer on shop.orders (customer);
                create materialized view shop.totals with (autovacuum_enabled = false) as select customer, count(*) as orders, repeat(md5(customer::text), 80) as note
                  from shop.orders group by customer;
                grant select on all tables in schema shop to viewkeeper_optimizer;
                analyze shop.orders;
                """.formatted(orders));
        return shop;
    }

    /** Of looks, analyses and statements nothing is known. */
    void forget() {
        execute(Role.SUPERUSER, """
                truncate viewkeeper.view_mark, viewkeeper.look, viewkeeper.analysis_turn, viewkeeper.analysis_spending,
                  viewkeeper.query_finding, viewkeeper.query_analysis, viewkeeper.statement_window,
                  viewkeeper.statement_counter, viewkeeper.statement;
                select pg_stat_statements_reset(0, (select oid from pg_database where datname = current_database()), 0);
                """);
    }

    /** The view was refreshed. */
    void mark() {
        execute(Role.OPTIMIZER, """
                insert into viewkeeper.view_mark (view_schema, view_name, sequence) values ('shop', 'totals', 1)
                on conflict (view_schema, view_name) do update set last_marked_at = clock_timestamp()
                """);
    }

    void run(int times, String sql) {
        try (var connection = where.connect(Role.OWNER);
                var statement = connection.createStatement()) {
            for (int i = 0; i < times; i++) {
                statement.execute(sql);
            }
        } catch (SQLException refused) {
            throw new IllegalStateException(refused);
        }
    }

    void execute(Role role, String sql) {
        try {
            where.execute(role, sql);
        } catch (SQLException refused) {
            throw new IllegalStateException(refused);
        }
    }

    @FunctionalInterface
    interface Reading<T> {
        T of(ResultSet row) throws SQLException;
    }

    /** Of the only row. */
    <T> T ask(String sql, Reading<T> reading) {
        try (var connection = where.connect(Role.SUPERUSER);
                var statement = connection.createStatement();
                var row = statement.executeQuery(sql)) {
            row.next();
            return reading.of(row);
        } catch (SQLException refused) {
            throw new IllegalStateException(refused);
        }
    }
}
