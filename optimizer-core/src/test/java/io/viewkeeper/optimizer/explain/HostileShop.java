// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.explain;

import io.viewkeeper.sandbox.server.PostgresVersion;
import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.sandbox.server.SandboxDatabase;
import java.sql.SQLException;

/** The shop, with everything in it that somebody can leave for whoever explains his statements. */
final class HostileShop {
    private static final String TRAPS = """
            create table shop.diary (entry text);
            create sequence shop.number;
            grant all on shop.diary to viewkeeper_optimizer;
            grant usage on sequence shop.number to viewkeeper_optimizer;
            create function shop.writes() returns int volatile language plpgsql as $$ begin insert into shop.diary values ('writes'); return 1; end $$;
            create function shop.sleeps() returns int volatile language sql as $$ select 1 from pg_sleep(60) $$;
            create function shop.owner_reloads() returns boolean immutable security definer language sql as $$ select pg_reload_conf() $$;
            create function shop.owner_reloads_volatile() returns boolean volatile security definer language sql as $$ select pg_reload_conf() $$;
            create function shop.owner_in_truth() returns boolean stable security definer language plpgsql as $$ begin return pg_reload_conf(); end $$;
            create function shop.false_lock() returns int immutable language plpgsql as $$ begin perform pg_advisory_lock(42); return 1; end $$;
            create function shop.false_write() returns int immutable language plpgsql as $$ begin insert into shop.diary values ('false'); return 1; end $$;
            create function shop.false_dynamic() returns int immutable language plpgsql as $$ begin execute 'select pg_advisory_' || 'lock(44)'; return 1; end $$;
            create function shop.false_setting() returns text stable language sql as $$ select set_config('work_mem', '1GB', false) $$;
            create function shop.false_standard() returns double precision immutable language sql return random();
            create view shop.locker as select pg_advisory_lock(43) is null as done;
            create function shop.false_behind_view() returns boolean immutable language sql as $$ select done from shop.locker $$;
            create view shop.reloader as select pg_reload_conf() as done;
            create function shop.false_reload() returns boolean immutable language plpgsql as $$ begin return (select done from shop.reloader); end $$;
            create function shop.false_nested() returns int immutable language sql as $$ select shop.false_lock() $$;
            create function shop.false_sleep() returns int immutable language plpgsql as $$ begin perform pg_sleep(30); return 1; end $$;
            create function shop.endless() returns int immutable language plpgsql as $$ begin loop null; end loop; return 1; end $$;
            create function shop.raises() returns int immutable language plpgsql as $$ begin raise exception 'marker-in-error'; end $$;
            create function shop.ends() returns boolean immutable language plpgsql as $$ begin return pg_terminate_backend(pg_backend_pid()); end $$;
            create function shop.of_row(shop.customer) returns int volatile language plpgsql as $$ begin insert into shop.diary values ('row'); return 1; end $$;
            create function shop.odd(int, int) returns boolean volatile language plpgsql as $$ begin perform pg_advisory_lock(45); return true; end $$;
            create operator shop.=== (leftarg = int, rightarg = int, function = shop.odd, restrict = eqsel);
            create function shop.mood_number(shop.mood) returns int immutable security definer language sql as $$ select case when pg_reload_conf() then 1 else 2 end $$;
            create cast (shop.mood as int) with function shop.mood_number(shop.mood);
            create function shop.dblink_exec(text) returns text volatile language sql as $$ select $1 $$;
            create function shop.transition(int, int) returns int volatile language plpgsql as $$ begin insert into shop.diary values ('sum'); return 1; end $$;
            create aggregate shop.odd_sum(int) (sfunc = shop.transition, stype = int, initcond = '0');
            create view shop.diarist as select shop.writes() as n, c.* from shop.customer c;
            create view shop.owners_view as select shop.owner_reloads() as n;
            create function shop.checks(text) returns boolean volatile language plpgsql as $$ begin perform pg_advisory_lock(46); return true; end $$;
            create domain shop.checked as text check (shop.checks(value));
            create function shop."Größe"() returns int volatile language sql as $$ select 1 $$;
            grant usage on schema shop to public;
            grant select on all tables in schema shop to viewkeeper_optimizer;
            """;

    private HostileShop() {}

    static SandboxDatabase on(PostgresVersion version) throws SQLException {
        var database = Shop.on(version);
        database.execute(Role.SUPERUSER, TRAPS);
        return database;
    }
}
