-- index before statistics; analyze, buffers
select count(*) from orders o join shops s on s.id = o.shop_id where o.customer_id = 17 and o.note = repeat('y', 60);
-- a wrong estimate harms the loop; analyze, buffers
select count(*), sum(o.amount) from shops s join lateral (select * from orders o where o.id between s.id * 90 and s.id * 90 + 5000) o on true where s.town = 7 and s.district = 7;
-- a wrong estimate at the root; analyze, buffers
select * from orders where amount = paid;
-- a wrong estimate below a count; analyze, buffers
select count(*) from orders where amount = paid;
-- a sort on disk for rows that nobody expected; analyze, buffers
select * from orders where amount = paid order by note, amount;
-- a subquery for each row; analyze, buffers
select c.id, (select sum(o.amount) from orders o where o.customer_id = c.id) from customers c where c.id <= 20;
-- a subquery for each row, not executed; costs
select c.id, (select sum(o.amount) from orders o where o.customer_id = c.id) from customers c where c.id <= 2000;
-- a table read for each row; analyze
select count(*) from customers c left join lateral (select * from orders o where o.customer_id = c.id and o.amount > 990 limit 1) o on true where c.id <= 25;
-- a table read for each row, not executed; costs
select count(*) from customers c left join lateral (select * from orders o where o.customer_id = c.id limit 1) o on true where c.id <= 500;
-- a join without a condition, not executed; costs
select c.email, o.status, count(*) from customers c, orders o where o.placed_at > '2025-01-01' group by 1, 2;
-- a join without a condition; analyze, buffers
select s.name, count(*) from shops s, customers c where c.id <= 500 group by 1;
-- three rows of a table, not executed; costs
select * from orders where customer_id = 17;
-- the wrong index for the order, not executed; costs
select * from orders where status = 'open' order by placed_at limit 5;
-- the wrong index for the order; analyze, buffers
select * from orders where status = 'open' order by placed_at limit 5;
-- a sort that will not fit, not executed; costs
select * from orders order by note, id;
-- a hash that will not fit, not executed; costs; set work_mem = '1MB'
select count(*) from orders a join orders b on a.customer_id = b.customer_id where a.note <> b.note;
-- a page far down, not executed; costs
select * from orders order by placed_at limit 20 offset 300000;
-- first rows of many, not executed; costs
select * from orders order by amount desc limit 10;
-- without blocks; analyze, buffers off
select * from orders where customer_id = 17;
-- without times; analyze, timing off
select * from orders where customer_id = 17;
-- alternatives; analyze, buffers
select * from orders where customer_id = 17 or amount = -1;
-- what is inside; analyze, buffers
select * from orders where tags @> array['t77'];
-- columns of one row; analyze, buffers
select * from orders where amount > paid;
-- all partitions; analyze, buffers
select * from readings where sensor = 77;
-- a hash on disk; analyze, buffers; set work_mem = '1MB'; set enable_mergejoin = off
select count(length(s.filler)) from orders o join skewed s on s.key = o.shop_id;
-- not in; analyze, buffers; set work_mem = '64kB'
select count(*) from customers where id <= 300 and id not in (select customer_id from orders);
-- nothing to mend; analyze, buffers
select status, sum(amount) from orders group by status;
-- nothing to mend by its estimates; costs
select status, sum(amount) from orders group by status;
