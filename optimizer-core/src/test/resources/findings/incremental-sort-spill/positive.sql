set max_parallel_workers_per_gather = 0;
set jit = off;
set work_mem = '1MB';
set enable_seqscan = off;
select station, taken_at from readings order by station, taken_at;
