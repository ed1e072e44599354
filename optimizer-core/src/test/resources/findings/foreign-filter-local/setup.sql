create schema elsewhere;
create table elsewhere.orders (id int primary key, status text not null, amount int not null);
insert into elsewhere.orders select i, case when i % 1000 = 0 then 'open' else 'done' end, i % 500 from generate_series(1, 50000) i;
vacuum analyze elsewhere.orders;
do $$
begin
  execute format('create role %I login password %L', current_database() || '_reader', 'a password of a test server');
  execute format('grant usage on schema elsewhere to %I', current_database() || '_reader');
  execute format('grant select on elsewhere.orders to %I', current_database() || '_reader');
end
$$;
create extension postgres_fdw;
do $$
begin
  execute format('create server elsewhere foreign data wrapper postgres_fdw options (host ''127.0.0.1'', port %L, dbname %L)',
      current_setting('port'), current_database());
  execute format('create user mapping for current_user server elsewhere options (user %L, password %L)',
      current_database() || '_reader', 'a password of a test server');
end
$$;
import foreign schema elsewhere from server elsewhere into public;
create function is_open(status text) returns boolean language plpgsql immutable as 'begin return status = ''open''; end';
analyze orders;
