set max_parallel_workers_per_gather = 0;
select distinct c.id, c.name from customers c join orders o on o.customer_id = c.id;
