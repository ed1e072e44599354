set max_parallel_workers_per_gather = 0;
set jit = off;
select c.id, c.name from customers c join (select customer_id from orders where open group by customer_id having count(*) > 3) o on o.customer_id = c.id;
