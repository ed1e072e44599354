set max_parallel_workers_per_gather = 0;
set jit = off;
select * from orders where customer_id = 17;
