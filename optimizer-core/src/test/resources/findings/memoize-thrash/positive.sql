alter table orders alter column customer_id set (n_distinct = 200);
analyze orders;
set work_mem = '1MB';
set max_parallel_workers_per_gather = 0;
select sum(length(c.name)) from orders o join customers c on c.id = o.customer_id;
