set max_parallel_workers_per_gather = 0;
set jit = off;
select id, name from customers where open_orders(id) > 3;
