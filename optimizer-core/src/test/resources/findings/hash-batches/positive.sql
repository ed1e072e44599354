set max_parallel_workers_per_gather = 0;
set jit = off;
set work_mem = '1MB';
select sum(quantity * weight), max(name) from lines join parts on parts.id = lines.part_id;
