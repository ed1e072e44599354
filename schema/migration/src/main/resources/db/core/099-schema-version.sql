--liquibase formatted sql

--changeset viewkeeper:core-schema-version
create table viewkeeper.schema_version (
  only_row boolean primary key default true check (only_row),
  version integer not null
);
insert into viewkeeper.schema_version (version) values (1);
grant select on viewkeeper.schema_version to viewkeeper_refresher, viewkeeper_optimizer, viewkeeper_metrics;
comment on table viewkeeper.schema_version is 'The version of these tables; a service is ready only when it knows it. A migration that changes the contract raises it in its last change.';

--changeset viewkeeper:core-search-path context:claims splitStatements:false
-- So that unqualified names of the reference workload resolve; somebody else's database keeps its own path.
do $path$
begin
  execute pg_catalog.format('alter database %I set search_path = analytics, staging, viewkeeper, maintenance, public', pg_catalog.current_database());
end
$path$;
