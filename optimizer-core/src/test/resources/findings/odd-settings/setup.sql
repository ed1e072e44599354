create table customers (id int primary key, name text not null);
create table orders (id int primary key, customer_id int not null, amount int not null);
insert into customers select i, 'customer ' || i from generate_series(1, 5000) i;
insert into orders select i, i % 5000 + 1, i % 500 from generate_series(1, 100000) i;
vacuum analyze customers, orders;
