create table periods (id int primary key, starts int not null, ends int not null);
create table events (id int primary key, happened int not null);
insert into periods select i, i * 100, i * 100 + 100 from generate_series(0, 999) i;
insert into events select i, (i * 7919) % 100000 from generate_series(1, 2000) i;
create index periods_range_idx on periods using gist (int4range(starts, ends));
vacuum analyze periods, events;
