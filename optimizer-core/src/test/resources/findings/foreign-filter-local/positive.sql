select sum(o.amount) from orders o where is_open(o.status);
