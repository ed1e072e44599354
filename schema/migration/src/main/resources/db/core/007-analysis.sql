--liquibase formatted sql

--changeset viewkeeper:core-view-mark
create table viewkeeper.view_mark (
  view_schema text not null,
  view_name text not null,
  first_marked_at timestamptz not null default pg_catalog.clock_timestamp(),
  last_marked_at timestamptz not null default pg_catalog.clock_timestamp(),
  events bigint not null default 1,
  sequence bigint not null,
  primary key (view_schema, view_name)
);
comment on table viewkeeper.view_mark is 'One row is one view that was refreshed since the optimizer last looked: written with the event, deleted when a look that began later has ended.';

--changeset viewkeeper:core-analysis-turn
create table viewkeeper.analysis_turn (
  only_row boolean primary key default true check (only_row),
  instance text not null,
  process_id uuid not null,
  until timestamptz not null
);
comment on table viewkeeper.analysis_turn is 'Which optimizer looks at this database now; a turn that has run out is anybody''s.';

create table viewkeeper.analysis_spending (
  spent_at timestamptz not null default pg_catalog.clock_timestamp(),
  millis double precision not null
);
create index analysis_spending_spent_at on viewkeeper.analysis_spending (spent_at);
comment on table viewkeeper.analysis_spending is 'What the optimizer''s analyses took of this database, all replicas together: the budget of a minute is counted here.';

--changeset viewkeeper:core-statement
create table viewkeeper.statement (
  statement_id text primary key,
  text text not null,
  kind text not null,
  first_seen_at timestamptz not null default pg_catalog.clock_timestamp(),
  last_seen_at timestamptz not null default pg_catalog.clock_timestamp(),
  relations text[] not null default '{}',
  analysis_id uuid,
  slow boolean not null default false
);
create index statement_last_seen_at on viewkeeper.statement (last_seen_at);
create index statement_relations on viewkeeper.statement using gin (relations);
comment on table viewkeeper.statement is 'One row is one statement that was slow, known by a hash of its normalised text: a view that is re-created changes queryid, not this.';
comment on column viewkeeper.statement.text is 'Without comments and without any value';
comment on column viewkeeper.statement.relations is 'What its plan reads, as schema.name; empty until it was planned';
comment on column viewkeeper.statement.analysis_id is 'Its newest analysis';

create table viewkeeper.statement_counter (
  queryid bigint not null,
  userid oid not null,
  toplevel boolean not null,
  statement_id text not null references viewkeeper.statement on delete cascade,
  calls bigint not null,
  total_ms double precision not null,
  square_ms double precision not null,
  rows bigint not null,
  hit bigint not null,
  read bigint not null,
  since timestamptz,
  seen_at timestamptz not null,
  primary key (queryid, userid, toplevel)
);
create index statement_counter_statement on viewkeeper.statement_counter (statement_id);
create index statement_counter_seen_at on viewkeeper.statement_counter (seen_at);
comment on table viewkeeper.statement_counter is 'pg_stat_statements as the last look saw it: what the next one subtracts.';
comment on column viewkeeper.statement_counter.square_ms is 'Sum of the squares of the execution times, from count, mean and standard deviation';
comment on column viewkeeper.statement_counter.since is 'Since when the server counts; null where it does not say (up to 16)';

create table viewkeeper.statement_window (
  statement_id text not null references viewkeeper.statement on delete cascade,
  until_at timestamptz not null,
  from_at timestamptz,
  calls bigint not null,
  total_ms double precision not null,
  mean_ms double precision not null,
  stddev_ms double precision not null,
  p95_ms double precision,
  p95_method text,
  p95_confidence text,
  rows bigint not null,
  hit bigint not null,
  read bigint not null,
  plan_hash text,
  primary key (statement_id, until_at)
);
create index statement_window_until_at on viewkeeper.statement_window (until_at);
comment on table viewkeeper.statement_window is 'One row is what one statement did between two looks.';
comment on column viewkeeper.statement_window.from_at is 'Null for the first, which counts from the server''s own beginning';
comment on column viewkeeper.statement_window.plan_hash is 'Shape of the plan that it was last seen with before the window ended';

--changeset viewkeeper:core-look
create table viewkeeper.look (
  look_id uuid primary key,
  started_at timestamptz not null,
  finished_at timestamptz not null,
  instance text not null,
  views text[] not null,
  events bigint not null,
  slow_statements integer not null,
  concerned integer not null,
  planned integer not null,
  executed integer not null,
  unexplained integer not null,
  postponed integer not null,
  regressions integer not null,
  statements_issued integer not null,
  database_ms double precision not null,
  vacuums jsonb not null default '[]',
  notices jsonb not null default '[]'
);
create index look_finished_at on viewkeeper.look (finished_at);
comment on table viewkeeper.look is 'One row is one look at the slow statements, after views were refreshed.';
comment on column viewkeeper.look.postponed is 'Statements left for the next look because the budget of the minute was spent';

--changeset viewkeeper:core-query-analysis
create table viewkeeper.query_analysis (
  analysis_id uuid primary key,
  statement_id text not null,
  text text not null,
  look_id uuid,
  requested_by text,
  analyzed_at timestamptz not null default pg_catalog.clock_timestamp(),
  outcome text not null check (outcome in ('planned', 'executed', 'unexplained', 'refused')),
  reason text,
  sqlstate text,
  values_from text,
  plan jsonb,
  plan_hash text,
  relations text[] not null default '{}',
  total_cost double precision,
  planning_ms double precision,
  execution_ms double precision,
  database_ms double precision not null,
  statements_issued integer not null default 0,
  notes text[] not null default '{}',
  calls bigint,
  mean_ms double precision,
  previous_analysis_id uuid
);
create index query_analysis_statement on viewkeeper.query_analysis (statement_id, analyzed_at desc);
create index query_analysis_analyzed_at on viewkeeper.query_analysis (analyzed_at);
comment on table viewkeeper.query_analysis is 'One row is one look at one statement: its plan, or why there is none.';
comment on column viewkeeper.query_analysis.values_from is 'Where the parameters'' values came from: none (generic), activity, statistics, request. Never the values';
comment on column viewkeeper.query_analysis.plan is 'As EXPLAIN gave it, without any value of the statement';
comment on column viewkeeper.query_analysis.previous_analysis_id is 'The statement''s analysis before, whose plan is the one to compare with';

create table viewkeeper.query_finding (
  analysis_id uuid not null references viewkeeper.query_analysis on delete cascade,
  ordinal integer not null,
  rule text not null,
  severity text not null check (severity in ('info', 'warning', 'critical')),
  node_path text,
  relation text,
  what text not null,
  advice text not null,
  impact_ms double precision,
  evidence jsonb not null default '{}',
  primary key (analysis_id, ordinal)
);
comment on table viewkeeper.query_finding is 'One row is one thing that is wrong with one plan, the costliest first.';

--changeset viewkeeper:core-analysis-grants
grant select, insert, update, delete on
    viewkeeper.view_mark,
    viewkeeper.analysis_turn,
    viewkeeper.analysis_spending,
    viewkeeper.statement,
    viewkeeper.statement_counter,
    viewkeeper.statement_window,
    viewkeeper.look,
    viewkeeper.query_analysis,
    viewkeeper.query_finding
to viewkeeper_optimizer;
-- The refresher purges what is older than anybody needs.
grant select, delete on
    viewkeeper.analysis_spending,
    viewkeeper.statement,
    viewkeeper.statement_counter,
    viewkeeper.statement_window,
    viewkeeper.look,
    viewkeeper.query_analysis,
    viewkeeper.query_finding
to viewkeeper_refresher;
grant select on
    viewkeeper.statement,
    viewkeeper.statement_window,
    viewkeeper.look,
    viewkeeper.query_analysis,
    viewkeeper.query_finding,
    viewkeeper.analysis_spending
to viewkeeper_metrics;
