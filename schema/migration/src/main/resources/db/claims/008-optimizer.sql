--liquibase formatted sql

--changeset viewkeeper:claims-optimizer-maintain context:claims splitStatements:false
-- VACUUM after a refresh takes the owner, or from 17 on this privilege.
do $maintain$
declare
  view_name text;
begin
  if pg_catalog.current_setting('server_version_num')::integer < 170000 then
    return;
  end if;
  for view_name in
    select c.oid::regclass::text
    from pg_catalog.pg_class c
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'analytics'
      and c.relkind = 'm'
  loop
    execute 'grant maintain on ' || view_name || ' to viewkeeper_optimizer';
  end loop;
end
$maintain$;
