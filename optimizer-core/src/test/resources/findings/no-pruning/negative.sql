set max_parallel_workers_per_gather = 0;
select sum(value) from readings where measured >= '2026-05-01' and measured < '2026-06-01';
