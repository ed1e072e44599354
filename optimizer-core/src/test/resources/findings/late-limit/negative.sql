set max_parallel_workers_per_gather = 0;
set jit = off;
set work_mem = '16MB';
create index if not exists orders_placed_at on orders (placed_at);
select o.id, o.placed_at, c.name
from (select id, placed_at, customer_id from orders order by placed_at desc limit 10) as o
left join customers as c on c.id = o.customer_id
order by o.placed_at desc, c.name;
