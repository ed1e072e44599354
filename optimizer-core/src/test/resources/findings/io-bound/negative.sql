-- page: buffers
set max_parallel_workers_per_gather = 0;
set jit = off;
select count(body) from scans where id < 25000;
select count(body) from scans where id < 25000;
