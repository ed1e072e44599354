create table customers (id int primary key, name text not null);
insert into customers select i, 'customer ' || i from generate_series(1, 60000) i;
create function watched_customers() returns setof int language plpgsql stable
as 'begin return query values (7), (8), (9); end';
vacuum analyze customers;
