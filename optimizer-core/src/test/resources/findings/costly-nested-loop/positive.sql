select c.name, o.orders, o.newest
from customers c
cross join lateral (select count(*) as orders, max(placed) as newest from orders where customer_id = c.id) o;
