set max_parallel_workers_per_gather = 0;
set jit = off;
set enable_seqscan = off;
select * from orders where status = 'done' and customer_id = 17;
