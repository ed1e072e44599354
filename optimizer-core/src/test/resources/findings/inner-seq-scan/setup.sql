create table customers (id int primary key, name text not null);
create table orders (id int primary key, customer_id int not null, placed date not null);
insert into customers select i, 'customer ' || i from generate_series(1, 100) i;
insert into orders select i, i % 100 + 1, date '2026-01-01' + i % 365 from generate_series(1, 30000) i;
vacuum analyze customers, orders;
