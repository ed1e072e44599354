// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.explain;

import io.viewkeeper.sandbox.server.PostgresServer;
import io.viewkeeper.sandbox.server.PostgresVersion;
import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.sandbox.server.SandboxDatabase;
import java.sql.SQLException;

/** A small database of somebody else: an owner of its own, tables, partitions, views, types. We may read it. */
final class Shop {
    private static final String SCHEMA = """
            create extension if not exists pg_stat_statements;
            create schema shop;
            create type shop.mood as enum ('sad', 'ok', 'happy');
            create table shop.customer (
              id int primary key, name text not null, email varchar(100), born date, mood shop.mood default 'ok',
              tags text[] default '{}', profile jsonb default '{}', created timestamptz not null default now(), active boolean default true);
            create table shop.item (id int primary key, title text, price numeric(10, 2), weight real, words tsvector);
            create table shop.purchase (
              id bigint primary key, customer_id int references shop.customer, status varchar(20), total numeric(12, 2),
              quantity int, placed date, placed_at timestamp, shipped_at timestamptz, duration interval, note text);
            create index on shop.purchase (customer_id);
            create index on shop.purchase (placed);
            create index on shop.purchase (status);
            create table shop.line (purchase_id bigint, item_id int, pieces int, discount double precision, primary key (purchase_id, item_id));
            create table shop.event (id bigint, happened date not null, kind text, payload jsonb) partition by range (happened);
            create table shop.event_2025 partition of shop.event for values from ('2025-01-01') to ('2026-01-01');
            create table shop.event_2026 partition of shop.event for values from ('2026-01-01') to ('2027-01-01');
            create table shop."Größe \"\"x\"\"\" ("Maß" int, "select" text);
            create table shop.category (id int primary key, parent int, name text);
            create view shop.open_purchase as select p.*, c.name from shop.purchase p join shop.customer c on c.id = p.customer_id where p.status = 'open';
            create materialized view shop.totals as select customer_id, sum(total) as total from shop.purchase group by customer_id;
            insert into shop.customer (id, name, email, born, tags, profile)
              select i, 'name ' || i, 'c' || i || '@example.org', date '1950-01-01' + i % 20000, array['t' || i % 5], jsonb_build_object('level', i % 3, 'city', 'c' || i % 50)
              from generate_series(1, 2000) i;
            insert into shop.item select i, 'item ' || i, i % 100, i % 7, to_tsvector('simple', 'item number ' || i) from generate_series(1, 200) i;
            insert into shop.purchase
              select i, i % 2000 + 1, (array['open', 'paid', 'paid', 'sent', 'sent', 'sent', 'sent'])[i % 7 + 1], i % 500, i % 9, date '2025-01-01' + i % 600,
                timestamp '2025-01-01' + i * interval '1 hour', now() - i * interval '1 minute', i * interval '1 minute', 'note'
              from generate_series(1, 10000) i;
            insert into shop.line select i, i % 200 + 1, i % 5 + 1, 0.1 from generate_series(1, 10000) i;
            insert into shop.event select i, date '2025-01-01' + i % 700, 'k' || i % 4, jsonb_build_object('n', i) from generate_series(1, 5000) i;
            insert into shop."Größe \"\"x\"\"\" select i, 'x' || i from generate_series(1, 100) i;
            insert into shop.category select i, nullif(i / 3, 0), 'cat ' || i from generate_series(1, 100) i;
            refresh materialized view shop.totals;
            grant usage on schema shop to viewkeeper_owner, viewkeeper_optimizer;
            grant select on all tables in schema shop to viewkeeper_optimizer;
            grant all on all tables in schema shop to viewkeeper_owner;
            analyze;
            """;

    private Shop() {}

    static SandboxDatabase on(PostgresVersion version) throws SQLException {
        var database = PostgresServer.shared(version).migratedDatabase();
        database.execute(Role.SUPERUSER, SCHEMA);
        database.execute(Role.SUPERUSER, "alter database \"" + database.name() + "\" set search_path = shop, public");
        return database;
    }
}
