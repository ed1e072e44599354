create table customers (id int primary key, region text not null, notes text not null);
create table orders (id int primary key, customer_id int not null, amount int not null);
insert into customers select i, 'region ' || i % 10, repeat('x', 400) from generate_series(1, 2000) i;
insert into orders select i, case when i % 10 < 9 then 1003 else i % 2000 + 1 end, i % 500 from generate_series(1, 400000) i;
create index orders_customer_id_idx on orders (customer_id);
vacuum analyze customers, orders;
