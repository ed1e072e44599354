select c.name, (select sum(o.amount) from orders o where o.customer_id = c.id)
from customers c;
