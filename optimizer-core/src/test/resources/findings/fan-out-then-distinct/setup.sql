create table customers (id int primary key, name text not null);
create table orders (id int primary key, customer_id int not null);
insert into customers select i, 'customer ' || i from generate_series(1, 2000) i;
insert into orders select i, (i * 7919) % 2000 + 1 from generate_series(1, 200000) i;
create index orders_customer_id_idx on orders (customer_id);
vacuum analyze customers, orders;
