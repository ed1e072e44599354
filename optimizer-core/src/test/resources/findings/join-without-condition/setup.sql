create table customers (id integer primary key, name text not null);
insert into customers select i, 'customer ' || i from generate_series(1, 1000) as i;
create table orders (id integer primary key, customer_id integer not null, amount integer not null);
insert into orders select i, 1 + i % 1000, i % 100 from generate_series(1, 3000) as i;
vacuum analyze customers, orders;
