create table addresses (id int primary key, country text not null, currency text not null, region text not null, city text not null);
create table orders (id int primary key, address_id int not null, amount int not null);
insert into addresses select i, 'country ' || i % 3, 'currency ' || i % 3, 'region ' || i % 3, 'city ' || i % 3 from generate_series(1, 100000) i;
insert into orders select i, i % 100000 + 1, i % 500 from generate_series(1, 200000) i;
create index orders_address_id_idx on orders (address_id);
vacuum analyze addresses, orders;
