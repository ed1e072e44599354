set max_parallel_workers_per_gather = 0;
set jit = off;
set work_mem = '16MB';
select o.id, o.placed_at, c.name
from orders as o
left join customers as c on c.id = o.customer_id
order by o.placed_at desc, c.name
limit 10;
