set max_parallel_workers_per_gather = 0;
select sum(value) from readings where extract(month from measured) = 5;
