// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.explain;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.sqlclient.Pool;
import io.viewkeeper.sandbox.server.PostgresServer;
import io.viewkeeper.sandbox.server.PostgresVersion;
import io.viewkeeper.sandbox.server.Role;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Functions that a statement reaches without naming them: each creates a replication slot, where nothing stops it. */
@Tag("server")
class HiddenFunctionsTest {
    private static final String WORLD = """
            create schema trap;
            create function trap.effect() returns int volatile security definer language plpgsql as $$
              begin perform pg_create_physical_replication_slot('viewkeeper_trap'); return 1; end $$;
            create function trap.owned(int) returns int immutable security definer language sql as $$ select trap.effect() $$;
            create function trap.checks(text) returns boolean stable security definer language sql as $$ select trap.effect() = 1 $$;
            create type trap.weather as enum ('rain', 'sun');
            create function trap.same(trap.weather, trap.weather) returns boolean immutable security definer language sql
              as $$ select trap.effect() = 1 $$;
            create domain trap.checked as text check (trap.checks(value));
            """;

    private static final List<Trap> TRAPS = List.of(
            new Trap("create type trap.pair as (a trap.checked, b int)", "select '(x,1)'::trap.pair"),
            new Trap(
                    "create type trap.pair as (a trap.checked, b int)",
                    "select jsonb_populate_record(null::trap.pair, '{\"a\": \"x\"}')"),
            new Trap("", "select '{x}'::trap._checked"),
            new Trap("create domain trap.twice as trap.checked", "select 'x'::trap.twice"),
            new Trap(
                    "create function trap.takes(trap.checked) returns int immutable language plpgsql as 'begin return 1; end'",
                    "select trap.takes('x')"),
            new Trap(operator("="), "select trap.weather 'rain' in ('sun', 'rain')"),
            new Trap(operator("="), "select nullif(trap.weather 'rain', 'sun')"),
            new Trap(operator("="), "select trap.weather 'rain' is distinct from 'sun'"),
            new Trap(operator("="), "select case trap.weather 'rain' when 'sun' then 1 end"),
            new Trap(
                    operator("="),
                    "select * from (select trap.weather 'rain' as w) a join (select trap.weather 'sun' as w) b using (w)"),
            new Trap(
                    operator("="),
                    "select * from (select trap.weather 'rain' as w) a natural join (select trap.weather 'sun' as w) b"),
            new Trap(operator("<>"), "select trap.weather 'rain' not in ('sun', 'rain')"),
            new Trap(operator(">="), "select trap.weather 'rain' between 'sun' and 'sun'"),
            new Trap(operator("~~"), "select trap.weather 'rain' like trap.weather 'sun'"),
            new Trap(operator("!~~*"), "select trap.weather 'rain' not ilike trap.weather 'sun'"),
            new Trap(operator("<>"), "select trap.weather 'rain' != 'sun'"),
            new Trap(operator("<>") + """
                    ; create function trap.honest(trap.weather, trap.weather) returns boolean immutable language plpgsql as 'begin return true; end';
                    create operator trap.=== (leftarg = trap.weather, rightarg = trap.weather, function = trap.honest, negator = operator(trap.<>));
                    alter operator trap.<> (trap.weather, trap.weather) set (restrict = neqsel);
                    create table trap.day (w trap.weather);
                    insert into trap.day select 'rain' from generate_series(1, 1000);
                    analyze trap.day""", "select * from trap.day where not (w operator(trap.===) 'sun')"),
            new Trap("""
                    create function trap.number(trap.weather) returns int immutable security definer language sql as 'select trap.effect()';
                    create cast (trap.weather as int) with function trap.number(trap.weather) as assignment;
                    create table trap.reading (degrees int)""", "insert into trap.reading select trap.weather 'rain'"),
            new Trap(
                    "create function trap.wraps() returns int volatile language sql as 'select trap.owned(1)'",
                    "select trap.wraps()"),
            new Trap("""
                    create function trap.wraps() returns int volatile language sql as 'select trap.owned(1)';
                    create function trap.again() returns int volatile language sql as 'select trap.wraps()'""", "select trap.again()"),
            new Trap("""
                    create table trap.parent (id int);
                    create table trap.child (check (id > trap.owned(1))) inherits (trap.parent)""", "select * from trap.parent where id = 5"),
            new Trap("""
                    create function trap.later(int) returns int immutable language plpgsql as 'begin return 1; end';
                    create table trap.counted (id int, n int);
                    create statistics trap.counts on (id + trap.later(1)), n from trap.counted;
                    insert into trap.counted select i, i from generate_series(1, 1000) i;
                    analyze trap.counted;
                    create or replace function trap.later(int) returns int immutable security definer language plpgsql
                      as 'begin return trap.effect(); end'""", "select * from trap.counted where id + 1 > 5"),
            new Trap("""
                    create function trap.distance(float8, float8) returns float8 immutable language sql as 'select $1 - $2';
                    create type trap.span as range (subtype = float8, subtype_diff = trap.distance);
                    create table trap.stay (during trap.span);
                    insert into trap.stay select trap.span(i, i + 1.5) from generate_series(1, 1000) i;
                    analyze trap.stay;
                    create or replace function trap.distance(float8, float8) returns float8 immutable security definer language sql
                      as 'select trap.effect()::float8'""", "select * from trap.stay where during && '[5.3, 90.5]'"),
            new Trap(
                    "create view trap.seen as select trap.effect()",
                    "select table_to_xml('trap.seen', true, true, '')"),
            new Trap(
                    "create view trap.seen as select trap.effect()",
                    "select * from shop.item where title = table_to_xml('trap.seen', true, true, '')::text"),
            new Trap("create view trap.seen as select trap.effect()", "select schema_to_xml('trap', true, true, '')"),
            new Trap(
                    function(
                            "declare c refcursor; begin open c for execute 'select trap.eff' || 'ect()'; fetch c into n;"),
                    "select trap.falsely()"),
            new Trap(function("begin perform trap.U&\"!0065ffect\" uescape '!' ();"), "select trap.falsely()"),
            new Trap(
                    function("begin perform 'a\\'', trap.effect(), '';")
                            .replace("plpgsql", "plpgsql set standard_conforming_strings = off"),
                    "select trap.falsely()"));

    private static String operator(String name) {
        return "create operator trap.%s (leftarg = trap.weather, rightarg = trap.weather, function = trap.same)"
                .formatted(name);
    }

    private static String function(String body) {
        return "create function trap.falsely(out n int) immutable language plpgsql as $x$ %s n := 1; end $x$"
                .formatted(body);
    }

    @Test
    void functionsThatAreReachedWithoutTheirNamesAreSeenBeforePlanning() throws Exception {
        functionsThatAreReachedWithoutTheirNamesAreSeenBeforePlanning(PostgresVersion.V18);
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"V18"})
    @Tag("release")
    void functionsThatAreReachedWithoutTheirNamesAreSeenBeforePlanningOnOlderVersions(PostgresVersion version)
            throws Exception {
        functionsThatAreReachedWithoutTheirNamesAreSeenBeforePlanning(version);
    }

    private void functionsThatAreReachedWithoutTheirNamesAreSeenBeforePlanning(PostgresVersion version)
            throws Exception {
        var where = Shop.on(version);
        where.execute(
                Role.SUPERUSER, "alter database \"%s\" set search_path = trap, shop, public".formatted(where.name()));
        where.execute(
                Role.SUPERUSER,
                "create extension tablefunc schema public; create extension xml2 schema public; create extension postgres_fdw schema public");
        var traps = new ArrayList<>(TRAPS);
        traps.addAll(DeepTraps.of(where));
        var pool = Pools.pool(where, Role.OPTIMIZER);
        var harmless = new ArrayList<String>();
        var open = new ArrayList<String>();
        try (var superuser = where.connect(Role.SUPERUSER)) {
            for (Trap trap : traps) {
                execute(superuser, "set search_path = pg_catalog; " + WORLD + trap.objects());
                execute(
                        superuser,
                        "grant usage on schema trap to public; grant select on all tables in schema trap to public");
                if (!springs(superuser, pool, trap, EnumSet.complementOf(EnumSet.of(Layer.FUNCTIONS)))) {
                    harmless.add(trap.statement());
                }
                if (springs(superuser, pool, trap, EnumSet.allOf(Layer.class))) {
                    open.add(trap.statement());
                }
                execute(superuser, "drop schema trap cascade; drop server if exists trap_server cascade");
            }
        }
        pool.close();
        assertThat(harmless).as("would show nothing").isEmpty();
        assertThat(open).isEmpty();
    }

    @Test
    void moreFunctionsThanAreLookedAtAreRefused() throws Exception {
        var where = PostgresServer.shared().migratedDatabase();
        where.execute(Role.SUPERUSER, """
                do $$
                begin
                  for i in 1..1001 loop
                    execute format('create function public.many_%s() returns int immutable language sql return 1', i);
                  end loop;
                end $$
                """);
        var pool = Pools.pool(where, Role.OPTIMIZER);
        var explainer = new Explainer(Pools.database(pool), Protection.of(Pools.PATIENT));
        assertThat(explainer.explain(ExplainRequest.plain(callsOf(1_000)))).isInstanceOf(Explanation.Planned.class);
        assertThat(explainer.explain(ExplainRequest.plain(callsOf(1_001))))
                .isInstanceOfSatisfying(
                        Explanation.Refused.class,
                        refused -> assertThat(refused.reason())
                                .isEqualTo("It reaches more than 1000 functions, too many to look at."));
        pool.close();
    }

    private static String callsOf(int functions) {
        return IntStream.rangeClosed(1, functions)
                .mapToObj("many_%d()"::formatted)
                .collect(Collectors.joining(", ", "select ", ""));
    }

    private static boolean springs(Connection superuser, Pool pool, Trap trap, Set<Layer> layers) throws SQLException {
        var explainer = new Explainer(Pools.database(pool), Pools.protection(Pools.PATIENT, layers));
        var told = explainer.explain(new ExplainRequest(trap.statement(), List.of(), true, null, null));
        try (var statement = superuser.createStatement();
                var slots = statement.executeQuery(
                        "select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = 'viewkeeper_trap'")) {
            // Where the check itself fails, nothing springs either.
            if (layers.contains(Layer.FUNCTIONS)) {
                assertThat(told).as(trap.statement()).isNotInstanceOf(Explanation.Unexplained.class);
            }
            return slots.next();
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
