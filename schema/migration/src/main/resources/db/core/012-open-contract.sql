--liquibase formatted sql

--changeset viewkeeper:core-open-methods
-- Methods and triggers are lists that grow: what is checked is their form.
alter table analytics.view_refresh_log
  drop constraint view_refresh_log_trigger_check,
  drop constraint view_refresh_log_method_check,
  add constraint view_refresh_log_trigger_check check (trigger ~ '^[a-z][a-z0-9_]{0,39}$'),
  add constraint view_refresh_log_method_check check (method ~ '^[a-z][a-z0-9_]{0,39}$');
alter table viewkeeper.view_state
  drop constraint view_state_due_trigger_check,
  drop constraint view_state_last_method_check,
  add constraint view_state_due_trigger_check check (due_trigger ~ '^[a-z][a-z0-9_]{0,39}$'),
  add constraint view_state_last_method_check check (last_method ~ '^[a-z][a-z0-9_]{0,39}$');
alter table viewkeeper.refresh_run
  drop constraint refresh_run_trigger_check,
  add constraint refresh_run_trigger_check check (trigger ~ '^[a-z][a-z0-9_]{0,39}$');

--changeset viewkeeper:core-view-relation
create view viewkeeper.view_relation as
select
  c.oid as view_oid,
  n.nspname as view_schema,
  c.relname as view_name,
  c.oid as storage_oid,
  c.relispopulated as populated,
  s.view_group,
  s.last_method as method
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
left join viewkeeper.view_state s on s.view_oid = c.oid and s.dropped_at is null
where c.relkind = 'm';
comment on view viewkeeper.view_relation is 'One row is one view that is kept or could be: the one place that knows which relations these are.';
comment on column viewkeeper.view_relation.view_oid is 'The relation that queries name and that has privileges';
comment on column viewkeeper.view_relation.storage_oid is 'The relation that holds the rows, with indexes, size and statistics; today the same';
comment on column viewkeeper.view_relation.view_group is 'Null: no group keeps it';
comment on column viewkeeper.view_relation.method is 'How it was refreshed last; null: never by Viewkeeper';
grant select on viewkeeper.view_relation to viewkeeper_refresher, viewkeeper_optimizer, viewkeeper_metrics;

--changeset viewkeeper:core-view-freshness-4
create or replace view analytics.view_freshness as
select
  v.view_schema as schemaname,
  v.view_name as matviewname,
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
  v.populated as ispopulated,
  s.schedule,
  s.priority,
  s.suspended_at,
  s.suspended_by,
  s.target_risk,
  r.claimed_at as running_since,
  r.instance as running_on,
  s.read_at,
  s.change_noticed_at,
  w.reason || ': ' || w.detail as waits_for
from viewkeeper.view_relation v
join pg_catalog.pg_class c on c.oid = v.storage_oid
left join viewkeeper.view_state s on s.view_schema = v.view_schema and s.view_name = v.view_name and s.view_oid = v.view_oid
left join viewkeeper.refresh_run r on r.view_schema = s.view_schema and r.view_name = s.view_name
left join viewkeeper.view_wait w on w.view_schema = s.view_schema and w.view_name = s.view_name;

--changeset viewkeeper:core-schema-version-range
alter table viewkeeper.schema_version add column oldest_reader integer;
update viewkeeper.schema_version set oldest_reader = version;
alter table viewkeeper.schema_version
  alter column oldest_reader set not null,
  add constraint schema_version_range check (oldest_reader <= version);
comment on column viewkeeper.schema_version.oldest_reader is 'Services that know this version or a newer one work with these tables; older ones stop. A migration raises it where it changes what they read or write.';
comment on table viewkeeper.schema_version is 'The version of these tables, and the oldest one that services may know. A migration that changes the contract raises the first in its last change, and the second where old services would break.';
