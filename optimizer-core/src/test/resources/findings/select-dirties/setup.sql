create table arrivals (id integer not null, note text not null) with (autovacuum_enabled = off);
