set max_parallel_workers_per_gather = 0;
set jit = off;
create index if not exists orders_customer_id on orders (customer_id);
select * from orders where customer_id = 17;
