create table cities (id integer primary key, country integer not null, region integer not null, district integer not null, name text not null);
insert into cities select i, i % 5, i % 5, i % 5, 'city ' || i from generate_series(1, 200000) as i;
create table parcels (id integer primary key, city_id integer not null, weight integer not null);
insert into parcels select i, (1 + (i::bigint * 7919) % 200000)::integer, i % 100 from generate_series(1, 400000) as i;
create index parcels_city_id on parcels (city_id);
vacuum analyze cities, parcels;
