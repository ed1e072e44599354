set max_parallel_workers_per_gather = 0;
set jit = off;
set work_mem = '1MB';
with kept as materialized (select * from orders)
select count(*), sum(amount) from kept where customer_id > 100;
