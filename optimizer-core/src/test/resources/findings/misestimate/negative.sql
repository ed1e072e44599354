set max_parallel_workers_per_gather = 0;
set jit = off;
create statistics if not exists cities_country_region (dependencies) on country, region, district from cities;
analyze cities;
select count(*) from cities join parcels on parcels.city_id = cities.id
where cities.country = 3 and cities.region = 3 and cities.district = 3;
