set max_parallel_workers_per_gather = 0;
set jit = off;
set enable_seqscan = off;
set enable_bitmapscan = off;
select count(placed_at) from customer_days;
