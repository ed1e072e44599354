-- Run once in each database by a superuser (on a managed service: by its administrator). Idempotent.
-- pg_stat_statements also needs shared_preload_libraries; the other two are optional and give more metrics.
create extension if not exists pg_stat_statements;
create extension if not exists pg_buffercache;
create extension if not exists pgstattuple;
