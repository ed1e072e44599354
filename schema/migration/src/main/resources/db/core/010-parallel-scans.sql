--liquibase formatted sql

--changeset viewkeeper:core-note-parallel-scans splitStatements:false
-- As before, but for when parallel workers are possible.
create or replace function viewkeeper.note_own_scans() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $body$
declare
  -- What this transaction has told already: a consistent group refreshes several views in one.
  told jsonb := coalesce(nullif(current_setting('viewkeeper.told_scans', true), ''), '{}');
  done jsonb;
begin
  if new.last_status = 'completed' then
    with locked as materialized (
      -- Whatever was scanned stays locked until the end: also what functions of the view's query read.
      select c.oid, c.relkind, coalesce(pg_stat_get_xact_numscans(c.oid), 0) as scans
      from (
        select distinct l.relation
        from pg_locks l
        where l.pid = pg_backend_pid()
          and l.locktype = 'relation'
      ) l
      join pg_class c on c.oid = l.relation and c.relkind in ('r', 'm', 'i')
      join pg_namespace n on n.oid = c.relnamespace
      where c.relpersistence <> 't'
        and n.nspname not in ('pg_catalog', 'pg_toast', 'information_schema', 'viewkeeper', 'maintenance')
      order by scans desc, c.oid
      limit 1000
    ),
    workers as (
      -- Parallel workers flush what they scanned when they end, and leave no trace here: each may have done what we did.
      -- The planner asks for a size of tables, and of indexes where the table need not be read; of a partition, or of another
      -- child, and of a table for which a number of workers is set, it asks for none.
      select case
        when sum(pg_relation_size(l.oid)) filter (where l.relkind <> 'i')
            >= pg_size_bytes(current_setting('min_parallel_table_scan_size'))
          or max(pg_relation_size(l.oid)) filter (where l.relkind = 'i')
            >= pg_size_bytes(current_setting('min_parallel_index_scan_size'))
          or bool_or(exists (select from pg_inherits h where h.inhrelid = l.oid and l.relkind <> 'i'))
          or bool_or(exists (
            select from pg_class c cross join unnest(c.reloptions) as o
            where c.oid = l.oid and o like 'parallel\_workers=%'))
        then current_setting('max_parallel_workers_per_gather')::integer
        else 0
      end as most
      from locked l
    ),
    run as (
      select l.oid::text as relation, l.scans, r.scans as newly, greatest(r.scans, 1) * w.most as unsure
      from locked l
      cross join workers w
      cross join lateral (select l.scans - coalesce((told ->> l.oid::text)::bigint, 0) as scans) r
      where r.scans > 0 or w.most > 0
    )
    select jsonb_object_agg(r.relation, jsonb_build_array(r.scans, r.newly, r.unsure)) into done
    from run r;
    perform set_config('viewkeeper.told_scans', (
      select (told || coalesce(jsonb_object_agg(d.key, d.value -> 0), '{}'))::text
      from jsonb_each(done) d
    ), true);
    perform pg_stat_force_next_flush();
  elsif new.last_method <> 'skipped' then
    -- Rolled back, and perhaps flushed by another backend: as much as a refresh has ever done.
    select jsonb_object_agg(o.key, jsonb_build_array(0, 0, greatest((o.value ->> 2)::bigint, 1))) into done
    from jsonb_each(case when old.own_scans = '{}' then '{"0": [0, 0, 1]}' else old.own_scans end) o;
  end if;
  if done is not null then
    select jsonb_object_agg(s.relation, jsonb_build_array(s.scans, s.unsure, s.most)) into new.own_scans
    from (
      select t.relation, sum(t.scans) as scans, sum(t.unsure) as unsure, max(t.most) as most
      from (
        select o.key as relation, (o.value ->> 0)::bigint, (o.value ->> 1)::bigint, (o.value ->> 2)::bigint
        from jsonb_each(old.own_scans) o
        where done ? o.key
          or o.key = '0'
          or exists (select from pg_class c where c.oid = o.key::oid)
        union all
        select d.key, (d.value ->> 1)::bigint, (d.value ->> 2)::bigint, (d.value ->> 1)::bigint + (d.value ->> 2)::bigint
        from jsonb_each(done) d
      ) t (relation, scans, unsure, most)
      group by t.relation
    ) s;
  end if;
  return new;
end
$body$;
