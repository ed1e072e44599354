set work_mem = '1MB';
select c.name from customers c where not exists (select from orders o where o.customer_id = c.id);
