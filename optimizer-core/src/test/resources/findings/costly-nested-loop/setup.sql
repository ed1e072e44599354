create table customers (id int primary key, name text not null);
create table orders (id int primary key, customer_id int not null, amount int not null, placed date not null);
insert into customers select i, 'customer ' || i from generate_series(1, 20000) i;
insert into orders select i, (i * 7919) % 20000 + 1, i % 500, date '2026-01-01' + i % 365 from generate_series(1, 200000) i;
create index orders_customer_id_idx on orders (customer_id);
vacuum analyze customers, orders;
