set jit = off;
select c.name, sum(o.amount) from orders o, customers c group by c.name;
