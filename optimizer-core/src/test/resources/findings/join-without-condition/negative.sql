set jit = off;
select c.name, sum(o.amount) from orders o, customers c where o.customer_id = c.id group by c.name;
