--liquibase formatted sql

--changeset viewkeeper:core-index-maintenance-log
create table maintenance.index_maintenance_log (
  maintenance_id uuid primary key default pg_catalog.gen_random_uuid(),
  maintenance_time timestamptz not null default pg_catalog.clock_timestamp(),
  action text not null,
  object_schema text not null,
  object_name text not null,
  reason text not null,
  status text not null check (status in ('completed', 'failed', 'skipped')),
  duration_ms bigint,
  size_before_bytes bigint,
  size_after_bytes bigint,
  sqlstate text,
  error_message text,
  instance text not null
);
create index index_maintenance_log_time on maintenance.index_maintenance_log (maintenance_time);
comment on table maintenance.index_maintenance_log is 'One row is one REINDEX, ANALYZE or VACUUM that was done or tried.';

--changeset viewkeeper:core-maintenance-request
create table maintenance.maintenance_request (
  request_id uuid primary key default pg_catalog.gen_random_uuid(),
  requested_by text not null default session_user,
  requested_at timestamptz not null default pg_catalog.clock_timestamp(),
  taken_at timestamptz
);
comment on table maintenance.maintenance_request is 'Somebody asked for index maintenance; taken_at is set when a service begins it.';

--changeset viewkeeper:core-maintenance-grants
grant select, insert, delete on maintenance.index_maintenance_log to viewkeeper_optimizer;
grant select, update, delete on maintenance.maintenance_request to viewkeeper_optimizer;
grant select on maintenance.index_maintenance_log, maintenance.maintenance_request to viewkeeper_metrics;
