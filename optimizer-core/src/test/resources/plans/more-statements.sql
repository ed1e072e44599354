-- values; VERBOSE
select * from (values (1, 'marked-a'), (2, 'marked, b'), (3, null)) v(a, b) where a > 1
-- values with an alias; ANALYZE, BUFFERS
select v.* from (values (1), (2)) as "My Values"(x) join shop.customers v on v.id = x
-- subquery scan; ANALYZE, VERBOSE
select * from (select id, row_number() over (order by id) as n from shop.customers) numbered where n % 7 = 3
-- run condition; ANALYZE, VERBOSE
select * from (select id, row_number() over (order by id) as n from shop.orders) numbered where n <= 5
-- named window; VERBOSE
select sum(total) over w, rank() over (partition by status order by total rows between 2 preceding and current row) from shop.orders window w as (partition by customer_id order by id)
-- left join; ANALYZE
select count(*) from shop.customers c left join shop.orders o on o.customer_id = c.id and o.total > 999
-- right join; ANALYZE; set enable_mergejoin = off; set enable_nestloop = off
select count(*) from shop.orders o right join shop.customers c on o.customer_id = c.id
-- full join; ANALYZE, BUFFERS
select count(*) from shop.orders o full join shop."Order Items" i on o.id = i.order_id
-- semi join; ANALYZE; set enable_nestloop = off; set enable_mergejoin = off
select count(*) from shop.customers c where c.id in (select customer_id from shop.orders where total > 500)
-- anti join; ANALYZE, VERBOSE; set enable_nestloop = off; set enable_mergejoin = off
select count(*) from shop.customers c where not exists (select 1 from shop.orders o where o.customer_id = c.id and o.total > 990)
-- merge anti join; ANALYZE; set enable_nestloop = off; set enable_hashjoin = off
select count(*) from shop.orders o where id < 9000 and not exists (select 1 from shop."Order Items" i where i.order_id = o.id)
-- merge full join; VERBOSE; set enable_hashjoin = off
select * from shop.customers a full join shop.tree b on a.id = b.id
-- nested loop left; ANALYZE, VERBOSE; set enable_hashjoin = off; set enable_mergejoin = off
select c.id, o.id from shop.customers c left join shop.orders o on o.customer_id = c.id where c.id < 12
-- join filter; ANALYZE; set enable_hashjoin = off; set enable_mergejoin = off
select count(*) from shop.customers a join shop.customers b on a.id < b.id and a.country <> b.country where a.id < 30 and b.id < 40
-- cross join; COSTS OFF, VERBOSE
select 1 from shop.customers, shop.tree
-- backward index scan; ANALYZE, BUFFERS, VERBOSE
select * from shop.orders order by id desc limit 3
-- index only scan; ANALYZE, BUFFERS
select id from shop.orders where id between 100 and 5000
-- backward index only scan; ANALYZE, VERBOSE, COSTS OFF
select max(id) from shop.customers
-- index with a quoted name; ANALYZE, VERBOSE
select * from shop."Order Items" "Some Items" where order_id = 5 and line = 1
-- bitmap and; ANALYZE, BUFFERS; set enable_seqscan = off; set enable_indexscan = off
select count(*) from shop.orders where customer_id between 10 and 400 and placed_on between '2021-01-01' and '2021-04-01'
-- lossy bitmap; ANALYZE, BUFFERS; set enable_seqscan = off; set enable_indexscan = off; set work_mem = '64kB'
select count(note) from shop.orders where customer_id between 10 and 900 and total > 10
-- tid list; ANALYZE, VERBOSE
select ctid, id from shop.orders where ctid in ('(1,1)', '(2,2)')
-- tid range; ANALYZE; since 14
select count(*) from shop.orders where ctid >= '(1,1)' and ctid < '(9,1)'
-- sampling; ANALYZE, BUFFERS
select count(*) from shop.orders tablesample system (50) repeatable (7)
-- several functions; ANALYZE, VERBOSE
select * from rows from (generate_series(1, 3), unnest(array['marked-f', 'b'])) as both_of_them(a, b)
-- function with ordinality; ANALYZE
select * from unnest(array[3, 4, 5]) with ordinality as numbered(v, n) where n > 1
-- function of ours; ANALYZE, VERBOSE
select * from shop.slow(1) as slowly
-- project set; ANALYZE, VERBOSE
select id, generate_series(1, 3) from shop.customers where id < 5
-- result; VERBOSE
select 1, 'marked-result', now()
-- false; VERBOSE
select * from shop.orders where false
-- one-time filter; ANALYZE
select * from shop.customers where current_setting('work_mem') = 'marked-nothing'
-- hash aggregate; ANALYZE, VERBOSE
select status, count(*), min(total) filter (where total > 7) from shop.orders group by status
-- spilled hash aggregate; ANALYZE, BUFFERS; set work_mem = '64kB'; set enable_sort = off
select id, count(*) from shop.orders where id < 15000 group by 1
-- sorted aggregate; ANALYZE; set enable_hashagg = off
select customer_id, note, count(distinct status) from shop.orders where id < 9000 group by customer_id, note having count(*) > 4
-- group; ANALYZE, VERBOSE; set enable_hashagg = off
select customer_id from shop.orders group by customer_id
-- mixed aggregate; ANALYZE, VERBOSE
select country, born, count(*) from shop.customers group by cube (country, born)
-- rollup; COSTS OFF; set enable_hashagg = off
select country, born, count(*) from shop.customers group by rollup (country, born)
-- two rollups; VERBOSE; set enable_hashagg = off
select country, born, id % 3, count(*) from shop.customers group by grouping sets ((country, born), (id % 3), ())
-- distinct by sorting; ANALYZE; set enable_hashagg = off
select distinct note, status from shop.orders where id < 5000
-- unique by hash; VERBOSE
select distinct status from shop.orders
-- top n; ANALYZE, BUFFERS
select id, total from shop.orders order by total desc nulls last, note collate "C" limit 4
-- sort with options; VERBOSE
select name from shop.customers order by name collate "C" desc nulls last, upper(country), id + 1
-- external sort; ANALYZE, TIMING OFF; set work_mem = '64kB'
select note, id from shop.orders where id < 9000 order by note desc, id desc
-- incremental sort of many groups; ANALYZE, VERBOSE; since 13; set enable_sort = off
select * from shop.orders order by placed_on, total limit 4000
-- limit without cost; COSTS OFF, ANALYZE, TIMING OFF
select * from shop.orders limit 7 offset 2
-- except all; ANALYZE
select customer_id from shop.orders where id < 500 except all select id from shop.customers
-- intersect; ANALYZE, VERBOSE
select id from shop.customers intersect select parent from shop.tree
-- intersect all by sorting; COSTS OFF; set enable_hashagg = off
select id from shop.customers intersect all select parent from shop.tree
-- union; ANALYZE
select id from shop.customers union select parent from shop.tree
-- merge append; ANALYZE, VERBOSE; set enable_sort = off
select * from ((select id from shop.customers order by id) union all (select id from shop.tree order by id limit 3000)) both_of_them order by id limit 20
-- append pruned; VERBOSE
select * from shop.events e where at = '2023-05-05' or at = '2024-02-02'
-- append of one; ANALYZE
select count(*) from shop.events where at between '2024-01-05' and '2024-01-20'
-- recursive with memory; ANALYZE, VERBOSE
with recursive n(i) as (values (1) union select i + 1 from n where i < 90) select sum(i) from n as total
-- cte inlined and not; ANALYZE, VERBOSE
with a as materialized (select id, country from shop.customers), b as not materialized (select * from a) select a1.id from b a1 join a a2 using (id) where a1.country = 'marked-CTE'
-- cte with a quoted name; COSTS OFF
with "My CTE" as materialized (select * from shop.tree) select * from "My CTE" "X" where id = 1
-- subplan in the output; ANALYZE, BUFFERS
select id, (select max(total) from shop.orders o where o.customer_id = c.id) from shop.customers c where id < 20
-- hashed any; ANALYZE, VERBOSE
select id, id = any (select parent from shop.tree where id < 200) from shop.customers where id < 50
-- alternatives; VERBOSE
select id from shop.customers c where exists (select 1 from shop.orders o where o.customer_id = c.id) or country = 'marked-alt'
-- array subplan; ANALYZE
select array(select id from shop.customers where id < 4)
-- row comparison; VERBOSE
select * from shop.orders where (customer_id, status) > (select 5, 'marked-row')
-- literals that look odd; VERBOSE
select 'marked, (a' || note, 'it''s marked', E'marked\\back', '->  marked  (cost=' from shop.orders where note <> 'Filter: (marked)' and status not in ('marked "quoted"', 'a -> b')
-- lines in a literal; VERBOSE
select id from shop.customers where name = 'marked
  Filter: (second marked line)
' or country = 'marked

Planning Time: 5 ms'
-- cases; VERBOSE
select case when total > 5 then array[id, 2] else null end, (row(id, note)).f1 from (select o.*, (row(id, note)) as r from shop.orders o) x where case status when 'marked-case' then true else id > 3 end
-- casts; VERBOSE, BUFFERS; since 13
select total::text, id::numeric(10, 2), placed_on::timestamptz at time zone 'UTC' from shop.orders where note ~~* '%marked,%' and extract(dow from placed_on) = 3
-- rows locked; ANALYZE, VERBOSE
select * from shop.customers c where country = 'DE' limit 5 for no key update of c
-- update with from; ANALYZE, VERBOSE, BUFFERS
update shop.orders o set note = c.name from shop.customers c where c.id = o.customer_id and o.id < 100
-- update of partitions; ANALYZE, VERBOSE
update shop.events set payload = 'marked-part' where kind = 3 and at < '2023-02-01'
-- update of two partitions; COSTS OFF, VERBOSE
update shop.events e set payload = 'marked-part' where kind = 3
-- delete; ANALYZE, WAL, BUFFERS; since 13
delete from shop."Order Items" as gone where quantity = 3
-- delete of nothing; ANALYZE
delete from shop.orders where id < 0
-- insert returning; ANALYZE, VERBOSE
insert into shop.customers (id, name) values (700001, 'marked-new') returning id, name || 'marked-ret'
-- insert of nothing; ANALYZE, WAL; since 13
insert into shop.tree select i, 1 from generate_series(1, 5) i where i > 7
-- do nothing; ANALYZE
insert into shop.customers (id, name) select i, 'marked-x' from generate_series(1990, 2005) i on conflict do nothing
-- do nothing on one key; VERBOSE
insert into shop.customers (id, name) values (1, 'marked-y') on conflict (id) do nothing
-- do update where; ANALYZE, VERBOSE
insert into shop.customers as c (id, name) values (1, 'marked-z') on conflict (id) do update set name = 'marked-w' where c.country = 'XX'
-- merge with deletes; ANALYZE, VERBOSE; since 15
merge into shop.tree t using shop.customers c on t.id = c.id when matched and c.id < 5 then delete when matched and c.id < 9 then update set parent = 1 when not matched then do nothing
-- merge of nothing; ANALYZE; since 15
merge into shop.tree t using (select 1 as i where false) s on t.id = s.i when matched then delete
-- triggers; ANALYZE, VERBOSE
insert into shop.watched select i, 1 + i % 3 from generate_series(1, 20) i
-- triggers without names; ANALYZE
delete from shop.watched_parent where id = 3
-- create table as; ANALYZE
create table shop.made as select id from shop.customers where id < 9
-- planned in parallel; VERBOSE; set parallel_setup_cost = 0; set parallel_tuple_cost = 0; set min_parallel_table_scan_size = 0; set max_parallel_workers_per_gather = 3
select o.status, count(*) from shop.orders o join shop.customers c on c.id = o.customer_id group by 1 order by 1
-- parallel index scan; ANALYZE; set parallel_setup_cost = 0; set parallel_tuple_cost = 0; set min_parallel_index_scan_size = 0; set enable_seqscan = off; set enable_bitmapscan = off; set max_parallel_workers_per_gather = 2
select count(*), sum(total) from shop.orders where customer_id < 1500
-- parallel bitmap scan; ANALYZE, BUFFERS; set parallel_setup_cost = 0; set parallel_tuple_cost = 0; set min_parallel_table_scan_size = 0; set enable_seqscan = off; set enable_indexscan = off; set max_parallel_workers_per_gather = 2
select sum(total) from shop.orders where customer_id < 700
-- workers told; ANALYZE, VERBOSE, BUFFERS; set parallel_setup_cost = 0; set parallel_tuple_cost = 0; set min_parallel_table_scan_size = 0; set max_parallel_workers_per_gather = 2; set enable_hashagg = off
select customer_id, count(*) from shop.orders group by 1 order by 1
-- memoized in parallel; VERBOSE; since 14; set enable_hashjoin = off; set enable_mergejoin = off; set parallel_setup_cost = 0; set parallel_tuple_cost = 0; set min_parallel_table_scan_size = 0; set max_parallel_workers_per_gather = 2
select count(*) from shop.orders o join shop.customers c on c.id = o.customer_id
-- disabled; VERBOSE; set enable_seqscan = off
select * from shop.tree
-- settings; VERBOSE, SETTINGS; since 12; set search_path = shop, public; set work_mem = '8MB'; set random_page_cost = 1.25; set enable_material = off
select * from customers limit 1
-- jit in all its parts; ANALYZE, VERBOSE; since 12; set jit = on; set jit_above_cost = 0; set jit_inline_above_cost = 0; set jit_optimize_above_cost = 0; set max_parallel_workers_per_gather = 0
select sum(total * 2) from shop.orders where id % 3 = 1 and id < 9000
-- temporary table; ANALYZE, BUFFERS, VERBOSE
select count(*) from pg_temp.notes where a < 900
-- foreign scan; ANALYZE, VERBOSE
select * from shop.remote r where a > 1 and b <> 'marked-remote'
-- foreign aggregate; VERBOSE, COSTS OFF
select count(*) from shop.remote
-- foreign update; VERBOSE, COSTS OFF
update shop.remote set b = 'marked-fdw' where a = 2
-- foreign insert; VERBOSE, COSTS OFF
insert into shop.remote values (4, 'marked-fdw')
-- xml table; ANALYZE, VERBOSE
select x.* from xmltable('/r/v' passing (xml '<r><v>marked-xml</v></r>') columns v text path '.') as x
-- distance; ANALYZE, COSTS OFF
select p from shop.points order by p <-> point(3, 3) limit 2
