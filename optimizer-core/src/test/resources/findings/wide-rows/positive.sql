set max_parallel_workers_per_gather = 0;
set jit = off;
set work_mem = '256MB';
select * from letters order by sent_at;
