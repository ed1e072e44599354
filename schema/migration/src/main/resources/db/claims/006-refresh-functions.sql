--liquibase formatted sql

-- The names under which psql and cron have always asked for a refresh. They ask, and return at once: the refresher does
-- the work, one view after the other, and keeps the record of each.

--changeset viewkeeper:claims-refresh-functions context:claims splitStatements:false
create function analytics.refresh_realtime_views() returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $function$
begin
    perform viewkeeper.request_refresh('realtime');
end
$function$;

create function analytics.refresh_daily_views() returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $function$
begin
    perform viewkeeper.request_refresh('daily');
end
$function$;

create function analytics.refresh_analytics_views() returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $function$
begin
    perform viewkeeper.request_refresh('analytics');
end
$function$;

comment on function analytics.refresh_realtime_views() is 'Requests a refresh of the views of the group realtime; returns before it has happened.';
comment on function analytics.refresh_daily_views() is 'Requests a refresh of the views of the group daily; returns before it has happened.';
comment on function analytics.refresh_analytics_views() is 'Requests a refresh of the views of the group analytics; returns before it has happened.';

revoke execute on function
    analytics.refresh_realtime_views(),
    analytics.refresh_daily_views(),
    analytics.refresh_analytics_views()
from public;
grant execute on function
    analytics.refresh_realtime_views(),
    analytics.refresh_daily_views(),
    analytics.refresh_analytics_views()
to viewkeeper_refresher;
