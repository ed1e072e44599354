set max_parallel_workers_per_gather = 0;
set jit = off;
create index if not exists orders_status_customer_id on orders (status, customer_id);
select * from orders where status = 'done' and customer_id = 17;
