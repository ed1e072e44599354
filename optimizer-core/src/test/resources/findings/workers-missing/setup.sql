create table orders (id int primary key, customer_id int not null, amount int not null);
insert into orders select i, i % 20000 + 1, i % 500 from generate_series(1, 400000) i;
vacuum analyze orders;
