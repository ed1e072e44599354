--liquibase formatted sql

--changeset viewkeeper:core-read-at
alter table viewkeeper.view_state
  add column read_at timestamptz,
  add column announced_mark text,
  add column noticed_mark text,
  add column change_noticed_at timestamptz,
  add column lasting_failures integer not null default 0,
  add column cause_mark text;
-- Until now the age of a view was that of its own refresh, whatever it read.
update viewkeeper.view_state
set read_at = data_as_of, data_as_of = case when input_oids = '{}' then data_as_of end;
comment on column viewkeeper.view_state.read_at is 'Snapshot of the last good refresh; schedules count from it';
comment on column viewkeeper.view_state.data_as_of is 'The data is as old as this: the least of read_at and of the inputs'' data_as_of at that time. Of a view that nobody keeps: the last change that was noticed. Null: unknown';
comment on column viewkeeper.view_state.announced_mark is 'Cluster, oid and version of the view''s catalog row as the last good refresh left it; another one tells of a change that was not ours';
comment on column viewkeeper.view_state.noticed_mark is 'The same as it was last seen';
comment on column viewkeeper.view_state.change_noticed_at is 'When a change that was not ours was noticed, since the last good refresh';
comment on column viewkeeper.view_state.lasting_failures is 'Of consecutive_failures, those of a kind that does not pass by itself';
comment on column viewkeeper.view_state.cause_mark is 'Versions of everything that the view''s query names, when failures suspended it; others end the suspension';

alter table analytics.view_refresh_log
  add column read_at timestamptz,
  add column changed boolean;
comment on column analytics.view_refresh_log.read_at is 'The snapshot of the refresh; null for a failed one, and for those of before schema version 4';
comment on column analytics.view_refresh_log.data_as_of is 'The data of the view is as old as this: the least of read_at and of the inputs'' data_as_of. Null for a failed refresh, and where an input''s is unknown';
comment on column analytics.view_refresh_log.changed is 'As the event says it; null for a failed refresh, and for those of before schema version 4';

--changeset viewkeeper:core-completed-of-unknown-age splitStatements:false
-- The check was made without a name.
do $drop$
declare
  name text;
begin
  for name in
    select c.conname
    from pg_catalog.pg_constraint c
    where c.conrelid = 'analytics.view_refresh_log'::regclass
      and c.contype = 'c'
      and pg_catalog.pg_get_constraintdef(c.oid) like '%data_as_of%'
  loop
    execute pg_catalog.format('alter table analytics.view_refresh_log drop constraint %I', name);
  end loop;
end
$drop$;

--changeset viewkeeper:core-failed-has-no-data-as-of
alter table analytics.view_refresh_log add constraint view_refresh_log_failed_has_no_age
  check (status = 'completed' or (data_as_of is null and read_at is null and changed is null));

--changeset viewkeeper:core-view-freshness-3
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
  r.instance as running_on,
  s.read_at,
  s.change_noticed_at
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
left join viewkeeper.view_state s on s.view_schema = n.nspname and s.view_name = c.relname and s.view_oid = c.oid
left join viewkeeper.refresh_run r on r.view_schema = s.view_schema and r.view_name = s.view_name
where c.relkind = 'm';
