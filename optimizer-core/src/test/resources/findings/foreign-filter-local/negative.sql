select sum(o.amount) from orders o where o.status = 'open';
