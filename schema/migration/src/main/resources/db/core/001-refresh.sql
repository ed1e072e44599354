--liquibase formatted sql

--changeset viewkeeper:core-schemas
create schema if not exists viewkeeper;
create schema if not exists analytics;
create schema if not exists maintenance;
grant usage on schema viewkeeper, analytics, maintenance to viewkeeper_refresher, viewkeeper_optimizer, viewkeeper_metrics;
comment on schema viewkeeper is 'Viewkeeper: state, requests and events';

--changeset viewkeeper:core-view-refresh-log
create table analytics.view_refresh_log (
  run_id uuid primary key,
  view_schema text not null,
  view_name text not null,
  view_oid oid not null,
  view_group text not null,
  trigger text not null check (trigger in ('schedule', 'manual', 'dependency', 'retry', 'request')),
  method text not null check (method in ('concurrent', 'plain', 'skipped')),
  status text not null check (status in ('completed', 'failed')),
  scheduled_at timestamptz not null,
  started_at timestamptz not null,
  data_as_of timestamptz,
  refresh_time timestamptz not null,
  duration_ms bigint not null check (duration_ms >= 0),
  lock_wait_ms bigint not null check (lock_wait_ms >= 0),
  rows_inserted bigint,
  rows_updated bigint,
  rows_deleted bigint,
  size_bytes bigint,
  error_category text,
  sqlstate text,
  error_message text,
  attempt integer not null check (attempt >= 1),
  sequence bigint not null,
  instance text not null,
  check ((status = 'completed') = (data_as_of is not null)),
  check ((status = 'failed') = (error_category is not null)),
  unique (view_schema, view_name, sequence)
);
create index view_refresh_log_refresh_time on analytics.view_refresh_log (refresh_time);
create index view_refresh_log_view on analytics.view_refresh_log (view_schema, view_name, refresh_time desc);
comment on table analytics.view_refresh_log is 'One row is one finished refresh, good or bad. A completed row was committed together with the refreshed data.';
comment on column analytics.view_refresh_log.refresh_time is 'When the refresh finished';
comment on column analytics.view_refresh_log.data_as_of is 'The snapshot of the refresh: the data of the view is as old as this';
comment on column analytics.view_refresh_log.lock_wait_ms is 'Time spent waiting for locks, sampled while the refresh runs';
comment on column analytics.view_refresh_log.sequence is 'Grows by one per view; equals the event''s ce_sequence';

--changeset viewkeeper:core-view-state
create table viewkeeper.view_state (
  view_schema text not null,
  view_name text not null,
  view_oid oid not null,
  view_group text,
  refusal text,
  interval_ms bigint check (interval_ms > 0),
  freshness_target_ms bigint check (freshness_target_ms > 0),
  next_due_at timestamptz,
  due_trigger text not null default 'schedule' check (due_trigger in ('schedule', 'manual', 'dependency', 'retry', 'request')),
  event_sequence bigint not null default 0,
  data_as_of timestamptz,
  last_run_id uuid,
  last_status text check (last_status in ('completed', 'failed')),
  last_method text check (last_method in ('concurrent', 'plain', 'skipped')),
  last_started_at timestamptz,
  last_finished_at timestamptz,
  last_duration_ms bigint,
  last_rows_changed bigint,
  size_bytes bigint,
  consecutive_failures integer not null default 0,
  last_error_category text,
  last_error_message text,
  dropped_at timestamptz,
  primary key (view_schema, view_name)
);
create index view_state_due on viewkeeper.view_state (next_due_at) where dropped_at is null and refusal is null;
comment on table viewkeeper.view_state is 'One row is one materialized view that exists or existed: when it is due, how old its data is, what happened last. Shared by all replicas.';
comment on column viewkeeper.view_state.view_group is 'The group whose pattern matches the view; null: no group asks for it, it is not refreshed';
comment on column viewkeeper.view_state.refusal is 'Why the view cannot be refreshed as wished; null when it can';
comment on column viewkeeper.view_state.event_sequence is 'Sequence of the last event; kept when the view is dropped, so that a consumer never sees it fall';

--changeset viewkeeper:core-event-outbox
create table viewkeeper.event_outbox (
  id uuid primary key,
  position bigint generated always as identity,
  aggregatetype text not null,
  aggregateid text not null,
  type text not null,
  sequence bigint not null,
  payload json not null,
  created_at timestamptz not null default pg_catalog.clock_timestamp(),
  published_at timestamptz
);
create index event_outbox_unpublished on viewkeeper.event_outbox (position) where published_at is null;
create index event_outbox_published_at on viewkeeper.event_outbox (published_at) where published_at is not null;
comment on table viewkeeper.event_outbox is 'Events committed together with what they tell of. Column names are those of the Debezium outbox router, so that change data capture could replace the publisher.';
comment on column viewkeeper.event_outbox.position is 'Order within one view. Taken before commit: never read "greater than the last", read what is unpublished';
comment on column viewkeeper.event_outbox.payload is 'json, not jsonb: what is published is what was written, byte for byte';

--changeset viewkeeper:core-refresh-grants
grant select, insert, update, delete on analytics.view_refresh_log, viewkeeper.view_state, viewkeeper.event_outbox to viewkeeper_refresher;
grant select on analytics.view_refresh_log, viewkeeper.view_state, viewkeeper.event_outbox to viewkeeper_optimizer, viewkeeper_metrics;

--changeset viewkeeper:core-maintain-privilege splitStatements:false
-- From PostgreSQL 17 a view can be refreshed without being owned: whatever the owner creates in analytics later is covered.
do $grant$
begin
  if pg_catalog.current_setting('server_version_num')::integer >= 170000 then
    execute 'alter default privileges in schema analytics grant maintain on tables to viewkeeper_refresher';
  end if;
end
$grant$;
