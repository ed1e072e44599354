create table orders (id int primary key, customer_id int not null, amount int not null);
insert into orders select i, (i * 7919) % 20000 + 1, i % 500 from generate_series(1, 200000) i;
create index orders_customer_id_idx on orders (customer_id);
vacuum analyze orders;
