create table letters (id integer primary key, sent_at integer not null, body text not null);
alter table letters alter column body set storage plain;
insert into letters select i, (i::bigint * 7919 % 40000)::integer, repeat('x', 1000) from generate_series(1, 40000) as i;
vacuum analyze letters;
