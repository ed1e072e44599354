select c.name, coalesce(o.orders, 0), o.newest
from customers c
left join (select customer_id, count(*) as orders, max(placed) as newest from orders group by customer_id) o on o.customer_id = c.id;
