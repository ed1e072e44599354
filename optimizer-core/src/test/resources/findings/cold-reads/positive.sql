-- page: buffers
set max_parallel_workers_per_gather = 0;
set jit = off;
select count(pg_buffercache_evict_relation('pages'));
select count(body) from pages;
