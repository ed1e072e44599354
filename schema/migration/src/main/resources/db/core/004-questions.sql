--liquibase formatted sql

--changeset viewkeeper:core-view-freshness
-- Sizes come from relpages: a size function waits for as long as a plain REFRESH holds its lock.
create view analytics.view_freshness as
select
  n.nspname as schemaname,
  c.relname as matviewname,
  pg_catalog.pg_size_pretty(c.relpages * pg_catalog.current_setting('block_size')::bigint) as size,
  s.last_finished_at as last_refresh,
  s.data_as_of,
  pg_catalog.clock_timestamp() - s.data_as_of as staleness,
  s.view_group,
  s.next_due_at,
  s.last_status,
  s.last_method,
  s.consecutive_failures,
  s.last_error_message,
  s.refusal,
  c.relispopulated as ispopulated
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
left join viewkeeper.view_state s on s.view_schema = n.nspname and s.view_name = c.relname and s.view_oid = c.oid
where c.relkind = 'm';
comment on view analytics.view_freshness is 'One row is one materialized view of this database: its size at the last VACUUM or ANALYZE, when it was last refreshed, how old its data is.';

--changeset viewkeeper:core-sequential-scan-ratio
create view maintenance.sequential_scan_ratio as
select
  schemaname,
  relname as tablename,
  seq_scan,
  seq_tup_read,
  coalesce(idx_scan, 0) as idx_scan,
  coalesce(idx_tup_fetch, 0) as idx_tup_fetch,
  pg_catalog.round(100.0 * seq_scan / (seq_scan + coalesce(idx_scan, 0)), 2) as seq_scan_ratio_percent
from pg_catalog.pg_stat_user_tables
where seq_scan + coalesce(idx_scan, 0) > 0;
comment on view maintenance.sequential_scan_ratio is 'One row is one table or materialized view that was scanned: which share of the scans read it whole.';

--changeset viewkeeper:core-query-performance-monitor splitStatements:false runAlways:true runOnChange:true
-- runAlways: where the extension is installed later, or moved to another schema, the next migration makes the view follow.
do $view$
declare
  extension_schema text;
begin
  select n.nspname into extension_schema
  from pg_catalog.pg_extension e
  join pg_catalog.pg_namespace n on n.oid = e.extnamespace
  where e.extname = 'pg_stat_statements';
  if extension_schema is null then
    raise notice 'pg_stat_statements is not installed: query_performance_monitor is left out';
    return;
  end if;
  execute pg_catalog.format(
    $sql$
    create or replace view maintenance.query_performance_monitor as
    select
      queryid as query_id,
      query as query_text,
      calls,
      total_exec_time as total_time,
      mean_exec_time as mean_time,
      min_exec_time as min_time,
      max_exec_time as max_time,
      stddev_exec_time as stddev_time,
      rows,
      100.0 * shared_blks_hit / nullif(shared_blks_hit + shared_blks_read, 0) as hit_percent
    from %I.pg_stat_statements
    where calls > 10
    order by total_exec_time desc
    $sql$,
    extension_schema);
  comment on view maintenance.query_performance_monitor is 'One row is one statement executed more than 10 times, times in milliseconds. Texts of others need pg_read_all_stats.';
  grant select on maintenance.query_performance_monitor to viewkeeper_optimizer, viewkeeper_metrics;
end
$view$;

--changeset viewkeeper:core-questions-grants
grant select on analytics.view_freshness, maintenance.sequential_scan_ratio to viewkeeper_refresher, viewkeeper_optimizer, viewkeeper_metrics;
