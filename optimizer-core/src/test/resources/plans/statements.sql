-- index scan; ANALYZE, BUFFERS
select * from shop.orders where id = 4711
-- seq scan; ANALYZE, VERBOSE, BUFFERS
select o.id, o.note || 'marked-note' from shop.orders o where o.total > 995.25 and o.status = 'marked-none'
-- bitmap or; ANALYZE, BUFFERS
select count(*) from shop.orders where customer_id = 17 or customer_id = 18 or placed_on = '2021-03-04'
-- hash join and aggregate; ANALYZE, VERBOSE
select c.country, count(*), sum(o.total) from shop.orders o join shop.customers c on c.id = o.customer_id where c.country <> 'marked-XX' group by c.country order by 3 desc
-- nested loop; ANALYZE
select c.name, o.total from shop.customers c join shop.orders o on o.customer_id = c.id where c.id between 10 and 30 and o.status = 'open'
-- merge join; ANALYZE, COSTS OFF; set enable_hashjoin = off; set enable_nestloop = off
select count(*) from shop.orders o join shop."Order Items" i on i.order_id = o.id where i.quantity > 3
-- parallel count; ANALYZE, VERBOSE, BUFFERS; set parallel_setup_cost = 0; set parallel_tuple_cost = 0; set min_parallel_table_scan_size = 0; set max_parallel_workers_per_gather = 2
select status, count(*) from shop.orders where total < 800 group by status
-- parallel sort; ANALYZE; set parallel_setup_cost = 0; set parallel_tuple_cost = 0; set min_parallel_table_scan_size = 0; set max_parallel_workers_per_gather = 2
select o.*, c.name from shop.orders o join shop.customers c on c.id = o.customer_id where o.note like 'x%' order by o.total, o.id limit 20000
-- parallel hash with initplan; ANALYZE, VERBOSE; set parallel_setup_cost = 0; set parallel_tuple_cost = 0; set min_parallel_table_scan_size = 0; set max_parallel_workers_per_gather = 2
select count(*) from shop.orders o join shop."Order Items" i on i.order_id = o.id where o.total > (select avg(total) from shop.orders where status = 'marked-closed' or status = 'closed')
-- parallel append; ANALYZE; set parallel_setup_cost = 0; set parallel_tuple_cost = 0; set min_parallel_table_scan_size = 0; set max_parallel_workers_per_gather = 2
select count(*) from (select id from shop.orders where total > 10 union all select order_id from shop."Order Items" union all select id from shop.customers) all_ids
-- cte read twice; ANALYZE
with big as (select customer_id, sum(total) as spent, random() as r from shop.orders group by customer_id) select count(*) from big a join big b on a.customer_id = b.customer_id + 1 where a.spent > 10
-- cte in cte; ANALYZE, VERBOSE
with a as (select id, total, random() as r from shop.orders), b as (select id, max(total) as m, max(r) as r from a group by id) select count(*), max(m) from b where r >= 0
-- init plans; ANALYZE
select (select max(total) from shop.orders where status = 'open'), count(*) from shop.orders where total > (select avg(total) from shop.orders)
-- correlated subplan; ANALYZE, VERBOSE
select c.id, (select count(*) from shop.orders o where o.customer_id = c.id and o.status = 'open') from shop.customers c where c.id < 300
-- hashed subplan; ANALYZE
select count(*) from shop.orders where customer_id not in (select id from shop.customers where country = 'DE')
-- lateral; ANALYZE, BUFFERS
select c.name, l.total from shop.customers c cross join lateral (select o.total from shop.orders o where o.customer_id = c.id order by o.total desc limit 2) l where c.country = 'PL'
-- window; ANALYZE, VERBOSE
select id, row_number() over (partition by customer_id order by total desc) as place, sum(total) over (partition by status) from shop.orders where id < 20000
-- recursive union; ANALYZE
with recursive up as (select id, parent, 1 as depth from shop.tree where parent = 0 union all select t.id, t.parent, up.depth + 1 from shop.tree t join up on t.parent = up.id where up.depth < 20) select max(depth), count(*) from up
-- grouping sets; ANALYZE
select country, extract(year from born), count(*) from shop.customers group by grouping sets ((1), (2), ())
-- append of partitions; ANALYZE
select kind, count(*) from shop.events where at >= '2023-06-01' group by kind
-- run-time pruning; ANALYZE
select count(*) from shop.events where at = (select max(date '2023-05-05') from shop.tree)
-- min and max; ANALYZE, VERBOSE
select min(id), max(placed_on) from shop.orders
-- set operations; ANALYZE
select id from shop.orders where id < 5000 except select order_id from shop."Order Items" where line = 1
-- distinct; ANALYZE
select distinct on (customer_id) customer_id, id from shop.orders order by customer_id, id desc
-- function scan; ANALYZE, VERBOSE
select g, upper(t.v) from generate_series(1, 500) g, (values ('marked-a'), ('marked-b')) t(v) where g % 2 = 0
-- never executed; ANALYZE
select * from shop.customers c join shop.orders o on o.customer_id = c.id where c.name = 'marked-nobody'
-- false at once; ANALYZE
select * from shop.orders where current_setting('server_version_num')::int < 0
-- arrays and types; VERBOSE
select id, '{marked,list}'::text[], interval '3 days', '-17'::int, true, null::date from shop.orders where status = any ('{marked-a,marked-b}'::text[]) and id in (-1, -2, 3) and placed_on > date '2022-02-02'
-- sample and expressions; VERBOSE
select id, case when status = 'marked-s' then 'marked-t' else note end from shop.orders tablesample bernoulli (7.25) repeatable (4242) where lower(status) = 'marked-u' and total > 990 order by coalesce(note, 'marked-v')
-- exists and limit; ANALYZE, TIMING OFF
select * from shop.customers c where exists (select 1 from shop.orders o where o.customer_id = c.id and o.total > 999) order by c.born desc limit 5 offset 3
-- insert; ANALYZE, BUFFERS
insert into shop.tree select 100000 + i, length('marked-ins' || i) from generate_series(1, 2000) i
-- update; ANALYZE, VERBOSE
update shop.orders set note = 'marked-update' where id between 100 and 400
-- delete with cte; ANALYZE
with gone as (delete from shop.tree where id > 2500 returning id, parent) select count(*) from gone join shop.tree t on t.id = gone.parent
-- cte nobody reads; ANALYZE
with gone as (update shop.orders set note = 'marked-cte' where id < 3000 returning id) select count(*) from shop.customers
-- upsert; ANALYZE, VERBOSE
insert into shop.customers values (1, 'marked-upsert', 'XX', null), (900000, 'marked-fresh', 'YY', null) on conflict (id) do update set name = excluded.name || 'marked-tail'
-- incremental sort; ANALYZE; since 13
select customer_id, total from (select * from shop.orders order by customer_id) o order by customer_id, total
-- memoize; ANALYZE; since 14; set enable_hashjoin = off; set enable_mergejoin = off
select count(*) from (select * from shop.orders where id < 9000) o join shop.customers c on c.id = o.customer_id
-- merge; ANALYZE; since 15
merge into shop.tree t using (select i as id from generate_series(2990, 3010) i) s on t.id = s.id when matched then update set parent = 42424 when not matched then insert values (s.id, 31313)
-- generic plan; GENERIC_PLAN, VERBOSE; since 16
select * from shop.orders where customer_id = $1 and status = 'marked-generic'
-- serialize; ANALYZE, SERIALIZE TEXT, MEMORY, WAL; since 17
select * from shop.orders where id < 3000
-- settings and jit; ANALYZE, SETTINGS; since 12; set jit = on; set jit_above_cost = 0; set work_mem = '64kB'
select note, count(*) from shop.orders group by note, id % 5000 order by 2
-- spilling; ANALYZE, BUFFERS; set work_mem = '64kB'
select * from shop.orders order by note, total, id
-- tid scan; ANALYZE
select * from shop.orders where ctid = '(1,1)'
-- locked rows; ANALYZE
select * from shop.customers where id < 20 for update
-- materialize; ANALYZE; set enable_hashjoin = off; set enable_mergejoin = off
select count(*) from shop.customers a join shop.customers b on a.id + 1 = b.born - date '2020-01-01' where a.id < 40
-- slow cte; ANALYZE
with c as (select shop.slow(40) as x from generate_series(1, 2)) select count(*) from c a, c b
-- slow init plan below; ANALYZE
select count(*) from (select id from shop.customers where id = (select shop.slow(60)) or id < 100 offset 0) s
-- slow init plan above; ANALYZE
select id, (select shop.slow(60)) from shop.customers where id < 100
-- slow subplan; ANALYZE
select id, (select shop.slow(10) + c.id) from shop.customers c where id <= 6
-- slow parallel filter; ANALYZE; set parallel_setup_cost = 0; set parallel_tuple_cost = 0; set min_parallel_table_scan_size = 0; set max_parallel_workers_per_gather = 2
select count(*) from shop.orders where id % 3000 > 0 or shop.slow_steady(8) < 0
