create index if not exists orders_customer_id_idx on orders (customer_id);
select c.name, o.placed
from customers c
cross join lateral (select placed from orders where orders.customer_id = c.id order by placed desc limit 1) o;
