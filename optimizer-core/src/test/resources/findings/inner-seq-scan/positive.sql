drop index if exists orders_customer_id_idx;
select c.name, o.placed
from customers c
cross join lateral (select placed from orders where orders.customer_id = c.id order by placed desc limit 1) o;
