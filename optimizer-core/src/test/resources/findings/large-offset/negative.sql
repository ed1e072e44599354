set max_parallel_workers_per_gather = 0;
set jit = off;
select * from orders where id > 200000 order by id limit 20;
