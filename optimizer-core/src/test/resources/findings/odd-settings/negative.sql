select sum(length(c.name)) from orders o join customers c on c.id = o.customer_id;
