set max_parallel_workers_per_gather = 0;
with totals as not materialized (select customer_id, sum(amount) as amount from orders group by customer_id)
select amount from totals where customer_id = 42;
