create table points (id integer not null, shelf integer not null, label text not null);
insert into points select i, (i::bigint * 7919 % 1000)::integer, repeat('x', 60) from generate_series(1, 600000) as i;
create index points_shelf on points (shelf);
vacuum analyze points;
