set work_mem = '1MB';
select c.name from customers c where c.id not in (select o.customer_id from orders o);
