-- page: buffers
set max_parallel_workers_per_gather = 0;
set jit = off;
set effective_io_concurrency = 0;
select count(pg_buffercache_evict_relation('scans'));
select count(body) from scans where id < 25000;
