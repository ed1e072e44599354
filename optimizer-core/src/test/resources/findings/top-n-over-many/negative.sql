set max_parallel_workers_per_gather = 0;
set jit = off;
create index if not exists orders_placed_at on orders (placed_at);
select * from orders order by placed_at desc limit 10;
