create table orders (
    id bigint generated always as identity primary key,
    customer_id integer not null,
    status text not null,
    placed_at timestamptz not null,
    amount numeric(10, 2) not null,
    note text not null
);
insert into orders (customer_id, status, placed_at, amount, note)
select (1 + (i::bigint * 7919) % 10000)::integer,
       case when i % 50 = 0 then 'open' else 'done' end,
       timestamptz '2026-01-01 00:00:00+00' + (i::bigint * 104729 % 300000) * interval '1 minute',
       (i * 31 % 100000) / 100.0,
       'note ' || i
from generate_series(1, 300000) as i;
vacuum analyze orders;
