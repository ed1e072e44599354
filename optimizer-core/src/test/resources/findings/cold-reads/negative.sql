-- page: buffers
set max_parallel_workers_per_gather = 0;
set jit = off;
select count(body) from pages;
select count(body) from pages;
