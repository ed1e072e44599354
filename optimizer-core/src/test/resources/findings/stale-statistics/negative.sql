set max_parallel_workers_per_gather = 0;
set jit = off;
analyze events;
select count(*) from events join kinds on kinds.id = events.kind where day = '2026-06-01';
