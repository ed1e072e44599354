set max_parallel_workers_per_gather = 0;
select c.id, c.name from customers c where exists (select from orders o where o.customer_id = c.id);
