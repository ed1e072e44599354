set max_parallel_workers_per_gather = 0;
set jit = off;
create index if not exists orders_customer_id_placed_at on orders (customer_id, placed_at);
select * from orders where customer_id in (3, 4, 5, 6, 7, 8, 9, 10, 11, 12) order by placed_at limit 40;
