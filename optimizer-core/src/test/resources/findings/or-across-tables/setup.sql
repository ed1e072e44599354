create table customers (id int primary key, email text not null, phone text not null);
create table leads (id int primary key, email text not null, phone text not null);
insert into customers select i, 'person' || i || '@example.org', '+49 ' || i from generate_series(1, 3000) i;
insert into leads select i, 'person' || i * 2 || '@example.org', '+49 ' || i * 3 from generate_series(1, 1000) i;
vacuum analyze customers, leads;
