set max_parallel_workers_per_gather = 0;
set jit = off;
set work_mem = '64MB';
create index if not exists orders_customer_id_placed_at on orders (customer_id, placed_at);
select customer_id, placed_at from orders order by customer_id, placed_at;
