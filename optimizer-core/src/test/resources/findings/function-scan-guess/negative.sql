alter function watched_customers() rows 3;
set max_parallel_workers_per_gather = 0;
select sum(length(c.name)) from watched_customers() w (id) join customers c on c.id = w.id;
