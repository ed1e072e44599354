set max_parallel_workers_per_gather = 0;
set jit = off;
set work_mem = '1MB';
set enable_seqscan = off;
create index if not exists readings_station_taken_at on readings (station, taken_at);
select station, taken_at from readings order by station, taken_at;
