set max_parallel_workers_per_gather = 0;
set jit = off;
select * from orders order by id offset 200000 limit 20;
