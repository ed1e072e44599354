-- page: buffers
set max_parallel_workers_per_gather = 0;
set jit = off;
truncate arrivals;
insert into arrivals select i, 'note ' || i from generate_series(1, 500000) as i;
vacuum (analyze) arrivals;
checkpoint;
select count(*) from arrivals;
