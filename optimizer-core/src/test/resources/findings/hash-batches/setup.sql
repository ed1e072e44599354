create table parts (id integer primary key, name text not null, weight integer not null);
insert into parts select i, 'part ' || i, i % 100 from generate_series(1, 200000) as i;
create table lines (id integer primary key, part_id integer not null, quantity integer not null);
insert into lines select i, (1 + i::bigint * 7919 % 200000)::integer, i % 10 from generate_series(1, 400000) as i;
vacuum analyze parts, lines;
