set max_parallel_workers_per_gather = 0;
set jit = off;
set work_mem = '64kB';
set enable_seqscan = off;
select count(label) from points where shelf < 150;
