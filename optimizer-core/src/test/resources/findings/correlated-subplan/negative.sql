select c.name, o.amount
from customers c
left join (select customer_id, sum(amount) as amount from orders group by customer_id) o on o.customer_id = c.id;
