--liquibase formatted sql

--changeset viewkeeper:core-view-state-wait-reason
alter table viewkeeper.view_state add column wait_reason text;
comment on column viewkeeper.view_state.wait_reason is 'Reason and detail, with a colon between: why the view was not started when a refresher last found it due; see viewkeeper.view_wait';

--changeset viewkeeper:core-view-wait
create view viewkeeper.view_wait as
select
  w.view_schema,
  w.view_name,
  w.due_since,
  pg_catalog.split_part(w.waits_for, ': ', 1) as reason,
  pg_catalog.substr(w.waits_for, pg_catalog.strpos(w.waits_for, ': ') + 2) as detail
from (
  select
    s.view_schema,
    s.view_name,
    case when s.next_due_at <= pg_catalog.clock_timestamp() then s.next_due_at end as due_since,
    case
      when m.suspended is not null then 'group: ' || m.suspended || ' of its consistent group is suspended'
      when not exists (
        select
        from viewkeeper.refresher_process p
        where p.heartbeat_at > pg_catalog.clock_timestamp() - interval '30 s'
      )
        then 'refresher: no refresher has written a heartbeat for 30 s'
      when s.wait_reason is not null then s.wait_reason
      when exists (select from viewkeeper.refresh_run) then
        'place: refreshes under way take all places, and views of a higher priority or an earlier due time come first'
      else 'place: the next turn of a refresher starts it'
    end as waits_for
  from viewkeeper.view_state s
  left join lateral (
    -- A view of which the group waits is not due before that member is. Names as events and HTTP spell them.
    select
      case when m.view_schema ~ '[."]' then pg_catalog.format('"%s"', pg_catalog.replace(m.view_schema, '"', '""')) else m.view_schema end
      || '.'
      || case when m.view_name ~ '[."]' then pg_catalog.format('"%s"', pg_catalog.replace(m.view_name, '"', '""')) else m.view_name end
        as suspended
    from viewkeeper.view_state m
    where s.consistent
      and s.suspended_at is null
      and m.view_group = s.view_group
      and m.dropped_at is null
      and m.suspended_at is not null
    order by m.view_schema, m.view_name
    limit 1
  ) m on true
  where s.dropped_at is null
    and s.refusal is null
    and s.view_group is not null
    and (s.next_due_at <= pg_catalog.clock_timestamp() or m.suspended is not null)
    and not exists (
      select
      from viewkeeper.refresh_run r
      where r.view_schema = s.view_schema
        and r.view_name = s.view_name
    )
) w;
comment on view viewkeeper.view_wait is 'One row is one view that is due, or would be were its group not held up, and whose refresh has not begun: what it waits for. Reasons: input, group, load, place, refresher.';
grant select on viewkeeper.view_wait to viewkeeper_refresher, viewkeeper_optimizer, viewkeeper_metrics;
