set max_parallel_workers_per_gather = 0;
drop index if exists orders_customer_id_idx;
select sum(amount) from orders where customer_id = 42;
