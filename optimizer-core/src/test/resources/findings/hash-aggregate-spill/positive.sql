set max_parallel_workers_per_gather = 0;
set jit = off;
set work_mem = '1MB';
set enable_sort = off;
select note, count(*) from orders group by note;
