--liquibase formatted sql

--changeset viewkeeper:core-refresh-request
create table viewkeeper.refresh_request (
  request_id uuid primary key default pg_catalog.gen_random_uuid(),
  view_group text,
  view_schema text,
  view_name text,
  requested_by text not null default session_user,
  requested_at timestamptz not null default pg_catalog.clock_timestamp(),
  taken_at timestamptz,
  check ((view_group is null) = (view_schema is not null)),
  check ((view_schema is null) = (view_name is null))
);
create index refresh_request_open on viewkeeper.refresh_request (requested_at) where taken_at is null;
comment on table viewkeeper.refresh_request is 'Somebody asked for a refresh of a view or of a group; taken_at is set when a refresher has made its views due.';
grant select, insert, update, delete on viewkeeper.refresh_request to viewkeeper_refresher;

--changeset viewkeeper:core-request-refresh splitStatements:false runOnChange:true
create or replace function viewkeeper.request_refresh(view_group text) returns uuid
language plpgsql
set search_path = pg_catalog, pg_temp
as $function$
declare
  request uuid;
  views bigint;
  left_out text[];
  waits_for text;
begin
  select format('%I.%I', s.view_schema, s.view_name) into waits_for
  from viewkeeper.view_state s
  where s.view_group = request_refresh.view_group
    and s.consistent
    and s.suspended_at is not null
    and s.dropped_at is null
  order by s.view_schema, s.view_name
  limit 1;
  select
    count(*),
    array_agg(
      format(
        '%I.%I %s', s.view_schema, s.view_name,
        case
          when s.refusal is not null then 'is refused: ' || s.refusal
          when s.suspended_at is not null then 'is suspended by ' || coalesce(s.suspended_by, 'its failures')
          else 'waits for ' || waits_for || ', for its group is consistent'
        end)
      order by s.view_schema, s.view_name
    ) filter (where s.refusal is not null or s.suspended_at is not null or waits_for is not null)
  into views, left_out
  from viewkeeper.view_state s
  where s.view_group = request_refresh.view_group
    and s.dropped_at is null;
  if views = 0 then
    raise exception 'no materialized view belongs to the group "%"', view_group
      using errcode = 'undefined_object',
            hint = 'select distinct view_group from viewkeeper.view_state lists the groups; it is empty until a refresher has run.';
  end if;
  if cardinality(left_out) = views then
    raise exception 'every view of the group "%" is left out', view_group
      using errcode = 'object_not_in_prerequisite_state',
            detail = array_to_string(left_out, e'\n'),
            hint = 'A suspended view is resumed by POST /views/<schema.view>/resume of the refresher, a group by POST /groups/<group>/resume.';
  end if;
  if left_out is not null then
    raise notice '% of % views of the group "%" are left out: %', cardinality(left_out), views, view_group, array_to_string(left_out, '; ');
  end if;
  insert into viewkeeper.refresh_request (view_group) values (request_refresh.view_group) returning request_id into request;
  perform pg_catalog.pg_notify('viewkeeper', 'request');
  return request;
end
$function$;

--changeset viewkeeper:core-request-view-refresh splitStatements:false runOnChange:true
create or replace function viewkeeper.request_view_refresh(view regclass) returns uuid
language plpgsql
set search_path = pg_catalog, pg_temp
as $function$
declare
  request uuid;
  reason text;
begin
  select s.refusal into reason
  from viewkeeper.view_state s
  where s.view_oid = request_view_refresh.view and s.refusal is not null and s.dropped_at is null;
  if reason is not null then
    raise exception '% cannot be refreshed as its policy wishes: %', view, reason using errcode = 'object_not_in_prerequisite_state';
  end if;
  if exists (
    select from viewkeeper.view_state s
    where s.view_oid = request_view_refresh.view and s.suspended_at is not null and s.dropped_at is null
  ) then
    raise exception '% is suspended', view
      using errcode = 'object_not_in_prerequisite_state',
            hint = 'Resume it first: POST /views/<schema.view>/resume of the refresher.';
  end if;
  select format('%I.%I', m.view_schema, m.view_name) into reason
  from viewkeeper.view_state s
  join viewkeeper.view_state m on m.view_group = s.view_group and m.suspended_at is not null and m.dropped_at is null
  where s.view_oid = request_view_refresh.view and s.consistent and s.dropped_at is null
  order by m.view_schema, m.view_name
  limit 1;
  if reason is not null then
    raise exception '% waits for %, which is suspended, for its group is consistent', view, reason
      using errcode = 'object_not_in_prerequisite_state',
            hint = 'Resume that one first: POST /views/<schema.view>/resume of the refresher.';
  end if;
  insert into viewkeeper.refresh_request (view_schema, view_name)
  select s.view_schema, s.view_name
  from viewkeeper.view_state s
  where s.view_oid = request_view_refresh.view and s.view_group is not null and s.dropped_at is null
  returning request_id into request;
  if request is null then
    raise exception '% is not refreshed by Viewkeeper', view
      using errcode = 'undefined_object',
            hint = 'It must be a materialized view that the pattern of a group matches; see analytics.view_freshness.';
  end if;
  perform pg_catalog.pg_notify('viewkeeper', 'request');
  return request;
end
$function$;

--changeset viewkeeper:core-maintain-indexes splitStatements:false runOnChange:true
create or replace function maintenance.maintain_indexes() returns void
language sql
set search_path = pg_catalog, pg_temp
as $function$
  insert into maintenance.maintenance_request default values
$function$;
comment on function viewkeeper.request_refresh(text) is 'Asks the refresher to refresh every view of a group now; returns the request''s id at once.';
comment on function viewkeeper.request_view_refresh(regclass) is 'Asks the refresher to refresh one view now; returns the request''s id at once.';
comment on function maintenance.maintain_indexes() is 'Asks for index maintenance; REINDEX CONCURRENTLY cannot run inside a function, so this records the wish and returns.';
revoke all on function viewkeeper.request_refresh(text), viewkeeper.request_view_refresh(regclass), maintenance.maintain_indexes() from public;
grant execute on function viewkeeper.request_refresh(text), viewkeeper.request_view_refresh(regclass) to viewkeeper_refresher;
