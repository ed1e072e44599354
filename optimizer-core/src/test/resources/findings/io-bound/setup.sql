create table scans (id integer primary key, body text not null);
alter table scans alter column body set storage plain;
insert into scans select i, repeat('x', 7000) from generate_series(1, 30000) as i;
create extension if not exists pg_buffercache;
vacuum analyze scans;
