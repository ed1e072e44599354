set max_parallel_workers_per_gather = 0;
set jit = off;
set work_mem = '32MB';
select customer_id, amount from orders order by amount, customer_id;
