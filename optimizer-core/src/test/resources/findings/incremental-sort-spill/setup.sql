create table readings (id bigint generated always as identity primary key, station integer not null, taken_at integer not null, level integer not null);
insert into readings (station, taken_at, level) select i / 100000, (i::bigint * 7919 % 300000)::integer, i % 1000 from generate_series(1, 299999) as i;
create index readings_station on readings (station);
vacuum analyze readings;
