--liquibase formatted sql

--changeset viewkeeper:core-refresh-run
create table viewkeeper.refresher_process (
  process_id uuid primary key,
  instance text not null,
  started_at timestamptz not null default pg_catalog.clock_timestamp(),
  heartbeat_at timestamptz not null default pg_catalog.clock_timestamp()
);
comment on table viewkeeper.refresher_process is 'One row is one running refresher; a heartbeat that stops tells the others that it died.';

create table viewkeeper.refresh_run (
  run_id uuid primary key,
  view_schema text not null,
  view_name text not null,
  view_oid oid not null,
  view_group text not null,
  trigger text not null check (trigger in ('schedule', 'manual', 'dependency', 'retry', 'request')),
  attempt integer not null check (attempt >= 1),
  scheduled_at timestamptz not null,
  claimed_at timestamptz not null default pg_catalog.clock_timestamp(),
  requested_by text,
  expected_duration_ms bigint,
  instance text not null,
  process_id uuid not null,
  cancelled_at timestamptz,
  cancelled_by text,
  unique (view_schema, view_name),
  check ((cancelled_at is null) = (cancelled_by is null))
);
comment on table viewkeeper.refresh_run is 'One row is one refresh under way. Committed before it begins and deleted by the transaction that settles it, so that the run of a process that died is known.';
comment on column viewkeeper.refresh_run.cancelled_by is 'Who asked for its end; it ends as a failed run';

--changeset viewkeeper:core-view-state-schedule
alter table viewkeeper.view_state
  add column schedule text,
  add column priority integer not null default 0,
  add column consistent boolean not null default false,
  add column input_oids oid[] not null default '{}',
  add column jitter_ms bigint not null default 0,
  add column expected_duration_ms bigint,
  add column target_risk text,
  add column pending_run_id uuid,
  add column requested_by text,
  add column suspended_at timestamptz,
  add column suspended_by text,
  add column state_version bigint not null default 0;
create index view_state_oid on viewkeeper.view_state (view_oid) where dropped_at is null;
-- In the order in which due views are taken, so that the first of ten thousand are found without looking at the others.
create index view_state_claim on viewkeeper.view_state (priority desc, next_due_at, view_schema, view_name) where dropped_at is null and refusal is null;
create index view_state_group on viewkeeper.view_state (view_group) where dropped_at is null;
comment on column viewkeeper.view_state.schedule is 'As the settings say it: an interval or a cron expression with its zone';
comment on column viewkeeper.view_state.priority is 'Of several due views the one with the highest number is refreshed first';
comment on column viewkeeper.view_state.consistent is 'The view is refreshed together with its whole group, in one snapshot';
comment on column viewkeeper.view_state.input_oids is 'Materialized views that this one reads, directly or through plain views';
comment on column viewkeeper.view_state.jitter_ms is 'By how much views of one round may be due apart';
comment on column viewkeeper.view_state.expected_duration_ms is 'What its refreshes take, from those seen so far; rather too much than too little';
comment on column viewkeeper.view_state.target_risk is 'Why the freshness target cannot be met; null when it can';
comment on column viewkeeper.view_state.pending_run_id is 'Id that the next run will have: somebody asked for it and follows it';
comment on column viewkeeper.view_state.suspended_at is 'Since when no refresh is tried; with a next_due_at it is tried again then';
comment on column viewkeeper.view_state.suspended_by is 'Who suspended it; null when its failures did';
comment on column viewkeeper.view_state.state_version is 'Grows by one with each record on the topic of view states';

alter table analytics.view_refresh_log add column requested_by text;
comment on column analytics.view_refresh_log.requested_by is 'Who asked for the refresh; null when the schedule did';

--changeset viewkeeper:core-view-state-outbox
alter table viewkeeper.event_outbox alter column payload drop not null;
comment on column viewkeeper.event_outbox.payload is 'json, not jsonb: what is published is what was written, byte for byte. Null is a tombstone';
comment on column viewkeeper.event_outbox.aggregatetype is 'refresh or view-state: which topic';

--changeset viewkeeper:core-command-log
create table viewkeeper.command_log (
  command_id uuid primary key default pg_catalog.gen_random_uuid(),
  commanded_at timestamptz not null default pg_catalog.clock_timestamp(),
  commanded_by text not null,
  action text not null check (action in ('refresh', 'cancel', 'suspend', 'resume')),
  target text not null,
  idempotency_key text,
  status integer not null,
  answer json,
  unique (commanded_by, idempotency_key)
);
create index command_log_commanded_at on viewkeeper.command_log (commanded_at);
comment on table viewkeeper.command_log is 'One row is one thing that somebody with the operator role asked for over HTTP, and what was answered.';
comment on column viewkeeper.command_log.status is 'The HTTP status that was answered';

--changeset viewkeeper:core-runs-grants
grant select, insert, update, delete on viewkeeper.refresher_process, viewkeeper.refresh_run, viewkeeper.command_log to viewkeeper_refresher;
grant select on viewkeeper.refresher_process, viewkeeper.refresh_run to viewkeeper_optimizer, viewkeeper_metrics;
-- The refresher purges what is older than anybody needs.
grant select, delete on viewkeeper.processed_event, viewkeeper.refresh_inbox to viewkeeper_refresher;

--changeset viewkeeper:core-view-freshness-2
create or replace view analytics.view_freshness as
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
  c.relispopulated as ispopulated,
  s.schedule,
  s.priority,
  s.suspended_at,
  s.suspended_by,
  s.target_risk,
  r.claimed_at as running_since,
  r.instance as running_on
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
left join viewkeeper.view_state s on s.view_schema = n.nspname and s.view_name = c.relname and s.view_oid = c.oid
left join viewkeeper.refresh_run r on r.view_schema = s.view_schema and r.view_name = s.view_name
where c.relkind = 'm';

--changeset viewkeeper:core-view-state-suspended-reason
alter table viewkeeper.view_state add column suspended_reason text;
comment on column viewkeeper.view_state.suspended_reason is 'What whoever suspended it gave as the reason';
