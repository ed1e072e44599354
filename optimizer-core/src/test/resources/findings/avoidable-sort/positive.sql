set max_parallel_workers_per_gather = 0;
set jit = off;
set work_mem = '64MB';
select customer_id, placed_at from orders order by customer_id, placed_at;
