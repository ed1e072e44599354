set max_parallel_workers_per_gather = 0;
create index if not exists orders_customer_id_idx on orders (customer_id);
select sum(amount) from orders where customer_id = 42;
