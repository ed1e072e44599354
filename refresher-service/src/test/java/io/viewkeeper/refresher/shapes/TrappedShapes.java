// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.shapes;

import static io.viewkeeper.refresher.shapes.Expected.concurrently;
import static io.viewkeeper.refresher.shapes.Expected.failing;
import static io.viewkeeper.refresher.shapes.Expected.refused;

import java.util.stream.Stream;

/** Views that were made without trouble and cannot be refreshed any more, or seem so. */
final class TrappedShapes {
    private TrappedShapes() {}

    static Stream<Shape> all(int majorVersion) {
        return Stream.of(rows(), functions(majorVersion), privileges(majorVersion), limits())
                .flatMap(shapes -> shapes);
    }

    /** The rows of the base table are no longer what they were. */
    private static Stream<Shape> rows() {
        return Stream.of(
                onTable("division by zero", "select 10 / i as k from {table}", "insert into {table} values (0)")
                        .expect(failing("data_error", "22012")),
                onTable("overflow", "select (i * 1000000000)::int as k from {table}", "insert into {table} values (9)")
                        .expect(failing("data_error", "22003")),
                onTable(
                                "no number",
                                "select nullif(t, '')::int as k from {table}",
                                "update {table} set t = 'SMITH, JANE'")
                        .expect(failing("data_error", "22P02")),
                onTable(
                                "value outside its domain",
                                "select i::base.positive as k from {table}",
                                "update {table} set i = -1")
                        .expect(failing("other", "23514")),
                onTable("a key twice", "select i as k, t from {table}", "insert into {table} values (1, 'other')")
                        .expect(failing("unique_violation", "23505")),
                onTable("a whole row twice", "select i as k from {table}", "insert into {table} values (1)")
                        .expect(failing("unique_violation", "21000")),
                onTable(
                                "two rows where one may be",
                                "select (select i from {table}) as k",
                                "insert into {table} values (2)")
                        .expect(failing("other", "21000")));
    }

    private static Stream<Shape> functions(int majorVersion) {
        return Stream.of(
                onFunction("raises", "raise exception 'no' using errcode = 'P0001'")
                        .expect(failing("other", "P0001")),
                onFunction("raises with much to say", "raise exception '%', repeat('größe', 100000)")
                        .expect(failing("other", "P0001")),
                onFunction("serialization failure", "raise exception 'try again' using errcode = '40001'")
                        .expect(failing("other", "40001")),
                onFunction("table gone", "return (select i from base.nowhere)")
                        .expect(failing("undefined_object", "42P01")),
                onFunction("column gone", "return (select nothing from base.numbers)")
                        .expect(failing("undefined_object", "42703")),
                onFunction("function gone", "return base.nothing()").expect(failing("undefined_object", "42883")),
                onFunction("schema gone", "return nowhere.nothing()").expect(failing("undefined_object", "3F000")),
                onFunction("makes a temporary table", "create temp table t (i int); return 1")
                        .expect(failing("other", "42501")),
                onFunction("without end", "return {function}").expect(failing("other", "54001")),
                // From 17 on only pg_catalog and pg_temp are searched during a refresh.
                onFunction("unqualified name", "return (select min(i) from unqualified)")
                        .expect(majorVersion >= 17 ? failing("undefined_object", "42P01") : concurrently()),
                onFunction("unqualified name and a search path of its own", "return (select min(i) from unqualified)")
                        .owner("alter function {function} set search_path = public")
                        .expect(concurrently()),
                onFunction("security definer", "return (select min(i) from base.secret)")
                        .owner("alter function {function} security definer")
                        .expect(concurrently()),
                onFunction("reads what only its owner may", "return (select min(i) from base.secret)")
                        .expect(failing("insufficient_privilege", "42501")),
                onFunction(
                                "too much work for its disk",
                                "return (select count(distinct md5(i::text)) from generate_series(1, 100000) i)")
                        .superuser(
                                "alter function {function} owner to postgres; alter function {function} security definer;"
                                        + " alter function {function} set temp_file_limit = '64kB'; alter function {function} set work_mem = '64kB'")
                        .expect(failing("out_of_resources", "53400")));
    }

    private static Stream<Shape> privileges(int majorVersion) {
        return Stream.of(
                onTable(
                                "no longer allowed",
                                "select i as k from {table}",
                                "revoke select on {table} from viewkeeper_refresher")
                        .expect(failing("insufficient_privilege", "42501")),
                onTable("policy without its setting", "select i as k from {table}", """
                            alter table {table} enable row level security;
                            create policy tenant on {table} using (i = current_setting('app.tenant')::int)
                            """)
                        .expect(failing("insufficient_privilege", "42501")),
                ofAnother("of another").expect(refused("insufficient_privilege", "belongs to base_owner")),
                ofAnother("of another, who granted maintain")
                        .superuser(majorVersion >= 17 ? "grant maintain on {view} to viewkeeper_refresher" : "select")
                        .expect(
                                majorVersion >= 17
                                        ? concurrently()
                                        : refused("insufficient_privilege", "belongs to base_owner")),
                Shape.named("of a role that we belong to")
                        .view("select 1 as k")
                        .unique("(k)")
                        .superuser(
                                "grant usage on schema never to base_friend; alter materialized view {view} owner to base_friend")
                        .expect(concurrently()),
                Shape.named("closed", "schema without usage")
                        .view("select 1 as k")
                        .unique("(k)")
                        .owner("revoke usage on schema closed from viewkeeper_refresher")
                        .expect(failing("insufficient_privilege", "42501")));
    }

    /** The test gives each of these its own settings. */
    private static Stream<Shape> limits() {
        return Stream.of(
                onFunction("slow", "perform pg_sleep(60); return 1").expect(failing("statement_timeout", "57014")),
                Shape.named("small")
                        .view("select i as k, md5(i::text) as v from generate_series(1, 20000) i order by v")
                        .unique("(k)")
                        .expect(concurrently()));
    }

    /** A view on a table of its own, {@code {table}}, to which something happens when the view is there. */
    private static Shape.Builder onTable(String name, String query, String trap) {
        String table = "base.\"" + name + "\"";
        return Shape.named(name)
                .owner("create table " + table + " (i int, t text); insert into " + table + " values (1)")
                .view(query.replace("{table}", table))
                .unique("(k)")
                .owner(trap.replace("{table}", table));
    }

    /** A view on a function of its own, which is harmless until the view is there. */
    private static Shape.Builder onFunction(String name, String trap) {
        String function = "base.\"" + name + "\"()";
        String create =
                "create or replace function %s returns bigint language plpgsql as $function$ begin %s; end $function$";
        return Shape.named(name)
                .function(function)
                .owner(create.formatted(function, "return 1"))
                .view("select {function} as k")
                .unique("(k)")
                .owner(create.formatted(function, trap.replace("{function}", function)));
    }

    private static Shape.Builder ofAnother(String name) {
        return Shape.named(name)
                .view("select 1 as k")
                .unique("(k)")
                .superuser(
                        "grant usage, create on schema never to base_owner; alter materialized view {view} owner to base_owner");
    }
}
