-- Run once in each database by a superuser (on a managed service: by its administrator). Idempotent.
-- pg_stat_statements also needs shared_preload_libraries; the other two are optional and give more metrics.
create extension if not exists pg_stat_statements;
create extension if not exists pg_buffercache;
create extension if not exists pgstattuple;

-- Liquibase keeps its own two tables in viewkeeper; the migration creates the other schemas itself.
create schema if not exists viewkeeper authorization viewkeeper_owner;
do $bootstrap$
begin
  execute pg_catalog.format('grant create on database %I to viewkeeper_owner', pg_catalog.current_database());
end
$bootstrap$;
