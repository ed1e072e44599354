set max_parallel_workers_per_gather = 0;
set jit = off;
select * from orders order by placed_at desc limit 10;
