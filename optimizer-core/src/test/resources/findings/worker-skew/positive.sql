alter table customers set (parallel_workers = 2);
set parallel_setup_cost = 10;
set enable_hashjoin = off;
select sum(o.amount) from customers c join orders o on o.customer_id = c.id where c.region = 'region 3';
