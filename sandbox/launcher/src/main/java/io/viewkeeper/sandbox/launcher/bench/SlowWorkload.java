// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher.bench;

import io.viewkeeper.sandbox.launcher.workbench.SqlSession;
import io.viewkeeper.sandbox.launcher.workbench.Workbench;
import io.viewkeeper.sandbox.server.Role;
import java.util.ArrayList;
import java.util.List;

/** Tables, a view, and what an application asks of them: many different statements, of which a few dozen are slow. */
final class SlowWorkload {
    /** What a statement of this workload must take on average to be slow, as a setting. */
    static final String SLOW = "PT0.005S";

    /** Executions of each slow statement; it is slow with more than two. */
    private static final int CALLS = 3;

    private static final int WIDE_COLUMNS = 40;
    private static final int FACT_COLUMNS = 8;
    private static final int STATEMENTS_AT_ONCE = 2_000;

    private static final String ROLE = """
            do $role$
            begin
              if not exists (select from pg_catalog.pg_roles where rolname = 'bench_app') then
                create role bench_app;
              end if;
            end
            $role$
            """;

    private SlowWorkload() {}

    /** Without statements. */
    static void createTables(Workbench.Site site, int facts) {
        var columns = new ArrayList<String>();
        for (int column = 1; column <= WIDE_COLUMNS; column++) {
            columns.add("c" + column + " int");
        }
        try (var superuser = site.session(Role.SUPERUSER)) {
            superuser.run(ROLE);
            superuser.run("""
            create schema bench;
            grant usage, create on schema bench to viewkeeper_refresher;
            grant usage on schema bench to viewkeeper_optimizer, bench_app;
            create table bench.groups as
            select i as id, 'group ' || i as name from generate_series(1, 1000) i;
            create unique index on bench.groups (id);
            create table bench.facts as
            select
              i as id, i %% 1000 + 1 as group_id, i %% 10 as c1, i %% 11 as c2, i %% 12 as c3, i %% 13 as c4, i %% 14 as c5,
              i %% 15 as c6, i %% 16 as c7, i %% 17 as c8
            from generate_series(1, %d) i;
            analyze bench.groups, bench.facts;
            create table bench.wide (%s);
            grant select on all tables in schema bench to viewkeeper_refresher, viewkeeper_optimizer, bench_app
            """.formatted(facts, String.join(", ", columns)));
        }
    }

    /** The refresher's, so that it may refresh it; what it reads is small, so that refreshes are. */
    static void createView(Workbench.Site site) {
        try (var refresher = site.session(Role.REFRESHER)) {
            refresher.run("""
                    create materialized view bench.v as select id, name from bench.groups;
                    create unique index on bench.v (id);
                    grant select on bench.v to viewkeeper_optimizer, bench_app
                    """);
        }
    }

    /** What is measured is of a server that has counted for long: so many statements, at least. */
    static long execute(Workbench.Site site, int statements) {
        try (var superuser = site.session(Role.SUPERUSER)) {
            superuser.run("set pg_stat_statements.track = 'all'");
            superuser.run("set role bench_app");
            for (int first = 0; first < statements; first += STATEMENTS_AT_ONCE) {
                executeFast(superuser, first, Math.min(statements, first + STATEMENTS_AT_ONCE) - 1);
            }
            for (var slow : slowStatements()) {
                for (int call = 0; call < CALLS; call++) {
                    superuser.rows(slow);
                }
            }
            superuser.run("reset role");
            return superuser.number("/* viewkeeper:bench */ select count(*) from pg_stat_statements");
        }
    }

    /** What nobody has called since it was last executed for an analysis is planned only. */
    static void readView(Workbench.Site site) {
        try (var superuser = site.session(Role.SUPERUSER)) {
            superuser.run("set role bench_app");
            superuser.rows(slowStatements().getFirst());
        }
    }

    /** A permutation of three columns makes a statement of its own; the rest makes its text as long as texts are. */
    private static void executeFast(SqlSession session, int from, int to) {
        session.run("""
            /* viewkeeper:bench */
            do $fast$
            declare
              a int;
              b int;
              c int;
            begin
              for i in %1$d..%2$d loop
                a := i / 1600 %% 40 + 1;
                b := i / 40 %% 40 + 1;
                c := i %% 40 + 1;
                execute format(
                  'select w.c%%s as first_of_three, w.c%%s as second_of_three, w.c%%s as third_of_three, count(*) as found'
                  ' from bench.wide w where w.c%%s between 1 and 2 and w.c%%s is not null and w.c%%s in (3, 4)'
                  ' group by w.c%%s, w.c%%s, w.c%%s order by found desc',
                  a, b, c, c, b, a, a, b, c);
              end loop;
            end
            $fast$
            """.formatted(from, to));
    }

    /** The first reads the view, the others do not. */
    private static List<String> slowStatements() {
        var all = new ArrayList<String>();
        all.add("select count(*) from bench.facts f join bench.v on v.id = f.group_id where f.c1 = 3 and f.c2 = 4");
        for (int one = 1; one <= FACT_COLUMNS; one++) {
            for (int other = one + 1; other <= FACT_COLUMNS; other++) {
                all.add("select count(*) from bench.facts f where f.c%d = 3 and f.c%d = 4".formatted(one, other));
            }
        }
        return all;
    }
}
