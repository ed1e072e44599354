create table events (id bigint generated always as identity primary key, day date not null, kind integer not null) with (autovacuum_enabled = off);
insert into events (day, kind) select date '2026-01-01' + i / 1000, i % 50 from generate_series(0, 99999) as i;
create index events_day on events (day);
create table kinds (id integer primary key, name text not null);
insert into kinds select i, 'kind ' || i from generate_series(0, 49) as i;
vacuum analyze events, kinds;
insert into events (day, kind) select date '2026-06-01', i % 50 from generate_series(1, 60000) as i;
