-- Run once per cluster by a superuser (or, on a managed service, by the role that may create roles), before the
-- database is created. Idempotent. Passwords are not set here: whoever runs this sets them, or leaves it to
-- certificates, IAM or the operator that manages roles.
do $bootstrap$
declare
  role_name text;
begin
  foreach role_name in array array['viewkeeper_owner', 'viewkeeper_refresher', 'viewkeeper_optimizer', 'viewkeeper_metrics'] loop
    if not exists (select from pg_catalog.pg_roles where rolname = role_name) then
      execute pg_catalog.format('create role %I login nosuperuser nocreatedb nocreaterole noreplication', role_name);
    end if;
  end loop;
end
$bootstrap$;

-- The owner hands the views that it creates to the refresher, and may refresh them by hand.
grant viewkeeper_refresher to viewkeeper_owner;

-- To read what others execute (pg_stat_statements) and how: the optimizer, the metrics service and the person at psql.
grant pg_monitor to viewkeeper_owner, viewkeeper_optimizer, viewkeeper_metrics;

-- A refresh whose client was killed ends within seconds instead of running on for nobody.
alter role viewkeeper_refresher set client_connection_check_interval = '2s';
-- One whose machine vanished without a word does not hold its locks for hours.
alter role viewkeeper_refresher set idle_in_transaction_session_timeout = '1min';
alter role viewkeeper_refresher set tcp_keepalives_idle = '10s';
alter role viewkeeper_refresher set tcp_keepalives_interval = '5s';
alter role viewkeeper_refresher set tcp_keepalives_count = 3;

-- EXPLAIN ANALYZE executes what it explains. What the service asks of its sessions is in its settings; this limit a session
-- may not raise, and setting it takes a superuser, or SET on the parameter (15 and newer).
do $limits$
begin
  alter role viewkeeper_optimizer set temp_file_limit = '256MB';
exception
  when insufficient_privilege then
    raise notice 'temp_file_limit of viewkeeper_optimizer is not set: that needs a superuser. An analysed statement may write temporary files until its time is over.';
end
$limits$;
alter role viewkeeper_optimizer set idle_in_transaction_session_timeout = '1min';
alter role viewkeeper_optimizer set client_connection_check_interval = '2s';

comment on role viewkeeper_owner is 'Viewkeeper: owns the database objects; used by the migration only';
comment on role viewkeeper_refresher is 'Viewkeeper: owns the materialized views (or has MAINTAIN on them) and refreshes them';
comment on role viewkeeper_optimizer is 'Viewkeeper: reads statistics and plans, writes its own tables';
comment on role viewkeeper_metrics is 'Viewkeeper: reads statistics and the state of the views; writes nothing';
