create table shops (id integer primary key, town integer not null, district integer not null, name text not null);
insert into shops select i, i % 40, i % 40, 'shop ' || i from generate_series(1, 4000) as i;
create table customers (id integer primary key, shop_id integer not null, email text, note text not null);
insert into customers select i, 1 + i % 4000, case when i % 1000 > 0 then 'c' || i || '@example.org' end, repeat('x', 40)
from generate_series(1, 20000) as i;
create table orders (id integer primary key, customer_id integer not null, shop_id integer not null, status text not null, placed_at date not null,
  amount integer not null, paid integer not null, tags text[] not null, note text not null);
insert into orders select i, 1 + i % 20000, 1 + i % 4000, case when i > 399800 then 'open' else 'done' end, date '2020-01-01' + i / 200,
  i % 1000, i % 1000, array['t' || i % 500], repeat('y', 60)
from generate_series(1, 400000) as i;
create index orders_placed_at on orders (placed_at);
create table readings (sensor integer not null, at date not null, value integer not null) partition by range (at);
create table readings_1 partition of readings for values from ('2026-01-01') to ('2026-02-01');
create table readings_2 partition of readings for values from ('2026-02-01') to ('2026-03-01');
create table readings_3 partition of readings for values from ('2026-03-01') to ('2026-04-01');
create table readings_4 partition of readings for values from ('2026-04-01') to ('2026-05-01');
insert into readings select i % 5000, date '2026-01-01' + i % 120, i from generate_series(1, 1600000) as i;
create table skewed (id integer primary key, key integer not null, filler text not null);
insert into skewed select i, case when i % 10 < 8 then 0 else i end, repeat('z', 100) from generate_series(1, 200000) as i;
vacuum analyze;
