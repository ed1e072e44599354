create schema shop;
create table shop.customers (id int primary key, name text not null, country text, born date);
insert into shop.customers
select i, 'Marked-Customer-' || i, case i % 5 when 0 then 'DE' when 1 then 'FR' when 2 then 'PL' else 'US' end, date '1950-01-01' + i % 18000
from generate_series(1, 2000) i;
create table shop.orders (id int primary key, customer_id int not null, status text not null, total numeric(12, 2) not null, placed_on date not null, note text);
insert into shop.orders
select i, 1 + i * 7 % 2000, case i % 50 when 0 then 'open' else 'closed' end, i * 3 % 1000 + 0.5, date '2020-01-01' + i % 1500, repeat('x', 20)
from generate_series(1, 60000) i;
create index orders_by_customer on shop.orders (customer_id);
create index orders_by_day on shop.orders (placed_on, status);
create index orders_lower on shop.orders (lower(status)) where total > 990;
create table shop."Order Items" (order_id int, line int, sku text, quantity int, primary key (order_id, line));
insert into shop."Order Items" select i, 1, 'sku' || i % 300, i % 9 from generate_series(1, 30000) i;
create table shop.events (at date not null, kind int not null, payload text) partition by range (at);
create table shop.events_2023 partition of shop.events for values from ('2023-01-01') to ('2024-01-01');
create table shop.events_2024 partition of shop.events for values from ('2024-01-01') to ('2025-01-01');
insert into shop.events select date '2023-01-01' + i % 700, i % 10, 'p' || i from generate_series(1, 8000) i;
create table shop.tree (id int primary key, parent int);
insert into shop.tree select i, i / 3 from generate_series(1, 3000) i;
create function shop.slow(ms int) returns int language plpgsql volatile as 'begin perform pg_sleep(ms / 1000.0); return ms; end';
create function shop.slow_steady(ms int) returns int language plpgsql stable parallel safe as 'begin perform pg_sleep(ms / 1000.0); return ms; end';
analyze shop.customers;
analyze shop.orders;
analyze shop."Order Items";
analyze shop.events;
analyze shop.tree;
