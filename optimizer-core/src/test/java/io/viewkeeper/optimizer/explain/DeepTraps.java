// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.explain;

import io.viewkeeper.sandbox.server.SandboxDatabase;
import java.util.ArrayList;
import java.util.List;

/**
 * Texts that are executed because a function is given them, and code that hangs on what a body names. Each leads to {@code
 * trap.effect()}.
 */
final class DeepTraps {
    private static final String EFFECT = "select trap.effect()";

    private static final String VIEW = "create view trap.seen as select trap.effect() as n; ";

    /** Its check is marked volatile, as functions are that nobody thought about. */
    private static final String CHECKED = """
            create function trap.odd_check(text) returns boolean language plpgsql as $$ begin return trap.effect() = 1; end $$;
            create domain trap.odd as text check (trap.odd_check(value));
            """;

    private static final String ROW = "create table trap.plain (id int); insert into trap.plain values (1); ";

    private static final String GUARDED = ROW + """
            alter table trap.plain enable row level security;
            create policy partly on trap.plain using (trap.effect() = id);
            """;

    private DeepTraps() {}

    static List<Trap> of(SandboxDatabase where) {
        var traps = new ArrayList<Trap>();
        traps.addAll(texts());
        traps.addAll(types());
        traps.addAll(relations(where));
        return traps;
    }

    private static List<Trap> texts() {
        return List.of(
                new Trap("", "select * from crosstab('" + EFFECT + "') as t (a text, b text)"),
                new Trap("", "select * from crosstab2('" + EFFECT + "')"),
                new Trap("", "select * from crosstab('" + EFFECT + "', '" + EFFECT + "') as t (a text, b text)"),
                new Trap(
                        "",
                        "select * from connectby('(select ''a''::text as a, trap.effect()::text as b) as t', 'a', 'b', '1', 1)"
                                + " as t (a text, b text, c int)"),
                new Trap(
                        "create table trap.papers (id int, x text); insert into trap.papers values (1, '<a/>')",
                        "select * from xpath_table('id', 'x', 'trap.papers', '/a', 'trap.effect() = 1') as t (id int, a text)"),
                new Trap(
                        "create operator trap.### (leftarg = text, rightarg = int, function = public.crosstab)",
                        "select '" + EFFECT + "' operator(trap.###) 1"),
                new Trap(
                        VIEW + "create view trap.over as select * from public.crosstab('" + EFFECT
                                + "') as t (a text, b text)",
                        "select * from trap.over"),
                new Trap(
                        VIEW
                                + "create function trap.ours(regclass, boolean, boolean, text) returns xml stable language internal"
                                + " as 'table_to_xml'",
                        "select trap.ours('trap.seen', true, true, '')"),
                new Trap(
                        "create function trap.wraps(text) returns int immutable language plpgsql as $$"
                                + " begin perform * from public.crosstab($1) as t (a text, b text); return 1; end $$",
                        "select trap.wraps('" + EFFECT + "')"));
    }

    private static List<Trap> types() {
        return List.of(
                new Trap(CHECKED, "select domain_in('x', 'trap.odd'::regtype::oid, -1)"),
                new Trap(CHECKED, "select array_in('{x}', 'trap.odd'::regtype::oid, -1)"),
                new Trap(CHECKED, "select '{x}'::trap.odd[]"),
                new Trap(CHECKED + "create type trap.pair as (a trap.odd, b int)", "select '(x,1)'::trap.pair"),
                new Trap(CHECKED + gives("trap.odd", "begin return 'x'; end"), "select trap.gives()"),
                new Trap(
                        CHECKED
                                + "create function trap.takes(trap.odd) returns int immutable language plpgsql as $$ begin return 1; end $$; "
                                + gives("int", "begin return trap.takes('x'); end"),
                        "select trap.gives()"),
                new Trap(
                        CHECKED + "create table trap.kept (a trap.odd); "
                                + gives("int", "declare k trap.kept%rowtype; begin k.a := 'x'; return 1; end"),
                        "select trap.gives()"),
                new Trap(
                        "create domain trap.locked as int check (trap.effect() = value); "
                                + gives("trap.locked", "begin return 1; end"),
                        "select trap.gives()"),
                new Trap(ROW + """
                        create function trap.rowed(anyelement) returns int immutable security definer language plpgsql
                          as $$ begin return trap.effect(); end $$""", "select p.rowed from trap.plain p"));
    }

    private static List<Trap> relations(SandboxDatabase where) {
        String server = """
                create server trap_server foreign data wrapper postgres_fdw options (host '%s', port '%d', dbname '%s');
                create user mapping for public server trap_server options (user 'postgres', password '%s');
                """.formatted(where.host(), where.port(), where.name(), where.password());
        String far = VIEW + server
                + "create foreign table trap.far (n int) server trap_server options (schema_name 'trap', table_name 'seen'); ";
        return List.of(
                new Trap(GUARDED + reads("trap.plain"), "select trap.gives()"),
                new Trap(
                        GUARDED + "create view trap.above with (security_invoker) as select * from trap.plain; "
                                + reads("trap.above"),
                        "select trap.gives()"),
                new Trap(
                        ROW + "create table trap.parent (id int); alter table trap.plain inherit trap.parent; "
                                + "create view trap.over as select * from trap.parent where id = trap.effect(); "
                                + reads("trap.over"),
                        "select trap.gives()"),
                new Trap(ROW + """
                        create function trap.gives() returns int immutable language sql
                          begin atomic select p.id + trap.effect() from trap.plain p; end""", "select trap.gives()"),
                new Trap(ROW + """
                        create function trap.falsely(int) returns int immutable language plpgsql as $$ begin return trap.effect(); end $$;
                        create view trap.over as select id from trap.plain where id = trap.falsely(1);
                        create function trap.inlined() returns setof int stable language sql as 'select v.id from trap.over v'""", "select * from trap.inlined()"),
                new Trap(far + reads("trap.far"), "select trap.gives()"),
                new Trap(
                        far + "create table trap.parent (n int); alter foreign table trap.far inherit trap.parent; "
                                + reads("trap.parent"),
                        "select trap.gives()"));
    }

    /** A body that keeps its promise as far as it can be read. */
    private static String reads(String relation) {
        return gives("int", "begin return (select count(*) from " + relation + "); end");
    }

    private static String gives(String type, String body) {
        return "create function trap.gives() returns %s immutable language plpgsql as $$ %s $$".formatted(type, body);
    }
}
