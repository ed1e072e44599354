create table customers (id int primary key, name text not null);
create table orders (id int primary key, customer_id int not null references customers on delete cascade);
insert into customers select i, 'customer ' || i from generate_series(1, 1000) i;
insert into orders select i, i % 900 + 101 from generate_series(1, 30000) i;
vacuum analyze customers, orders;
