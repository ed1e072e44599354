set enable_hashjoin = off;
set enable_mergejoin = off;
set enable_memoize = off;
select sum(length(c.name)) from orders o join customers c on c.id = o.customer_id;
