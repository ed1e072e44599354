create table customers (id int primary key, name text not null);
create table orders (id int primary key, customer_id int not null);
insert into customers select i, 'customer ' || i from generate_series(100001, 100100) i;
insert into orders select i, i from generate_series(1, 80000) i;
vacuum analyze customers, orders;
