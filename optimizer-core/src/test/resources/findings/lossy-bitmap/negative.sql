set max_parallel_workers_per_gather = 0;
set jit = off;
set work_mem = '4MB';
set enable_seqscan = off;
select count(label) from points where shelf < 150;
