alter table customers reset (parallel_workers);
set parallel_setup_cost = 10;
select sum(o.amount) from customers c join orders o on o.customer_id = c.id where c.region = 'region 3';
