create table pages (id integer not null, body text not null);
alter table pages alter column body set storage plain;
insert into pages select i, repeat('x', 900) from generate_series(1, 60000) as i;
create extension if not exists pg_buffercache;
vacuum analyze pages;
