--liquibase formatted sql

--changeset viewkeeper:core-processed-event
create table viewkeeper.processed_event (
  consumer text not null,
  ce_id uuid not null,
  processed_at timestamptz not null default pg_catalog.clock_timestamp(),
  primary key (consumer, ce_id)
);
create index processed_event_processed_at on viewkeeper.processed_event (processed_at);
comment on table viewkeeper.processed_event is 'Which consumer has applied which event; written in the transaction of the effect, so that a redelivery has none.';

--changeset viewkeeper:core-refresh-inbox
create table viewkeeper.refresh_inbox (
  event_id uuid primary key,
  type text not null,
  view_schema text not null,
  view_name text not null,
  view_group text not null,
  sequence bigint not null,
  run_id uuid not null,
  method text not null,
  finished_at timestamptz not null,
  data_as_of timestamptz,
  changed boolean,
  error_category text,
  received_at timestamptz not null default pg_catalog.clock_timestamp(),
  unique (view_schema, view_name, sequence)
);
create index refresh_inbox_received_at on viewkeeper.refresh_inbox (received_at);
comment on table viewkeeper.refresh_inbox is 'Refreshes that the optimizer was told of, one row each.';

--changeset viewkeeper:core-consumers-grants
grant select, insert, delete on viewkeeper.processed_event, viewkeeper.refresh_inbox to viewkeeper_optimizer;
