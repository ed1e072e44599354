// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.shapes;

import static io.viewkeeper.refresher.shapes.Expected.concurrently;
import static io.viewkeeper.refresher.shapes.Expected.concurrentlyWithChanges;
import static io.viewkeeper.refresher.shapes.Expected.failing;
import static io.viewkeeper.refresher.shapes.Expected.plainly;
import static io.viewkeeper.refresher.shapes.Expected.refused;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** All sorts of rows: types, widths, numbers of rows, and where they are from. */
final class DataShapes {
    private DataShapes() {}

    static Stream<Shape> all() {
        return Stream.of(keys(), values(), extents(), sources()).flatMap(shapes -> shapes);
    }

    /** Types of which a unique index can be made. */
    private static Stream<Shape> keys() {
        return Stream.of(
                key("numeric with NaN", "select unnest('{NaN, 1.0, 2.00, Infinity}'::numeric[]) as k"),
                key(
                        "timestamptz with infinity",
                        "select unnest('{-infinity, infinity, 2026-01-01}'::timestamptz[]) as k"),
                key("interval", "select unnest('{1 mon, 1 day, 25:00}'::interval[]) as k"),
                key("float with minus zero", "select unnest('{-0, 1, NaN, Infinity}'::float8[]) as k"),
                key("array", "select array[i, null] as k from generate_series(1, 3) i"),
                key("range", "select int4range(i, i + 1) as k from generate_series(1, 3) i"),
                key("multirange", "select int4multirange(int4range(i, i + 1)) as k from generate_series(1, 3) i"),
                key("composite", "select row(i, 'x')::base.pair as k from generate_series(1, 3) i"),
                key("enum", "select unnest(enum_range(null::base.mood)) as k"),
                key("domain", "select i::base.positive as k from generate_series(1, 3) i"),
                key("bytea", "select decode(to_hex(i + 16), 'hex') as k from generate_series(1, 3) i"),
                key("jsonb", "select jsonb_build_object('i', i) as k from generate_series(1, 3) i"),
                key("tsvector", "select to_tsvector('simple', 'word ' || i) as k from generate_series(1, 3) i"),
                key("bits and uuid", "select i::bit(8) as k, md5(i::text)::uuid as u from generate_series(1, 3) i"),
                key("inet", "select '10.0.0.0'::inet + i as k from generate_series(1, 3) i"),
                key("money", "select i::money as k from generate_series(1, 3) i"),
                key("padded text", "select i::text::char(20) as k from generate_series(1, 3) i"),
                key("row numbers", "select row_number() over (order by i desc) as k, i from generate_series(1, 3) i"));
    }

    /** Types without equality, which CONCURRENTLY does not need outside of the key: it compares rows byte by byte. */
    private static Stream<Shape> values() {
        return Stream.of(
                key("json", "select i as k, '{ \"a\": 1 }'::json as v from generate_series(1, 3) i"),
                key("xml", "select i as k, '<a/>'::xml as v from generate_series(1, 3) i"),
                key(
                        "point and box",
                        "select i as k, point(i, i) as v, box(point(0, 0), point(i, i)) as b from generate_series(1, 3) i"),
                key("nothing but nulls", "select i as k, null::text as v from generate_series(1, 3) i"),
                key("volatile", "select i as k, random() as v from generate_series(1, 3) i", concurrentlyWithChanges()),
                key("the time", "select 1 as k, clock_timestamp() as v", concurrentlyWithChanges()));
    }

    private static Stream<Shape> extents() {
        return Stream.of(
                key("no rows", "select i as k from generate_series(1, 0) i"),
                key("one row", "select 1 as k"),
                key("100,000 rows", "select i as k, i % 7 as v from generate_series(1, 100000) i"),
                key(
                        "3 MB in one row",
                        "select 1 as k, string_agg(md5(i::text), '') as v from generate_series(1, 100000) i"),
                key("600 columns", wide(600)),
                key("1,600 columns", wide(1600)),
                Shape.named("no columns").view("select").expect(refused("not_concurrent_capable", "unique index")),
                Shape.named(Shape.WHEN_NEEDED, "no columns").view("select").expect(plainly()));
    }

    private static String wide(int columns) {
        return IntStream.range(1, columns)
                .mapToObj(column -> column + " as c" + column)
                .collect(Collectors.joining(", ", "select 0 as k, ", ""));
    }

    private static Stream<Shape> sources() {
        return Stream.of(
                key("a table", "select i as k from base.numbers"),
                // Layers are named against the alphabet, so that luck does not put them in order.
                key("z layer 1", "select i as k from base.numbers"),
                key("m layer 2", "select k from never.\"z layer 1\""),
                Shape.named("a layer 3")
                        .refresher("create view never.\"plain view\" as select k from never.\"m layer 2\"")
                        .view("select n.k from never.\"plain view\" n join never.\"z layer 1\" using (k)")
                        .unique("(k)")
                        .expect(concurrently()),
                Shape.named("a partitioned table")
                        .owner("""
                            create table base.parts (k int) partition by range (k);
                            create table base.parts_1 partition of base.parts for values from (0) to (10);
                            create table base.parts_2 partition of base.parts for values from (10) to (20);
                            insert into base.parts select generate_series(1, 19)
                            """)
                        .view("select k from base.parts")
                        .unique("(k)")
                        .expect(concurrently()),
                Shape.named("a table whose policies show some rows")
                        .owner("""
                            create table base.tenants (k int, tenant int);
                            insert into base.tenants select i, i % 2 from generate_series(1, 10) i;
                            alter table base.tenants enable row level security;
                            create policy shown on base.tenants using (tenant = 1)
                            """)
                        .view("select k from base.tenants")
                        .unique("(k)")
                        .expect(failing("insufficient_privilege", "42501")),
                Shape.named("a foreign table")
                        .superuser("""
                            create extension if not exists file_fdw;
                            create server files foreign data wrapper file_fdw;
                            create foreign table base.lines (line text) server files options (filename '/proc/version');
                            grant select on base.lines to viewkeeper_refresher
                            """)
                        .view("select count(*) as k from base.lines")
                        .unique("(k)")
                        .expect(concurrently()),
                key("the catalog", "select oid::bigint as k from pg_catalog.pg_type where oid < 16384"),
                key(
                        "recursion",
                        "with recursive r(k) as (select 1 union all select k + 1 from r where k < 99) select k from r"),
                key(
                        "window and grouping sets",
                        "select row_number() over () as k, i, count(*) from base.numbers group by cube (i)"),
                Shape.named("of another access method and table space, said in full")
                        .refresher("create materialized view {view} using heap tablespace pg_default as select 1 as k")
                        .unique("(k) tablespace pg_default")
                        .expect(concurrently()),
                Shape.named("renamed away")
                        .view("select 1 as k")
                        .unique("(k)")
                        .refresher("alter materialized view {view} rename to \"renamed to\";"
                                + " alter materialized view never.\"renamed to\" rename to \"renamed away\"")
                        .expect(concurrently()),
                Shape.named("reads itself")
                        .refresher(
                                "create function never.next_number() returns bigint language sql as 'select 1::bigint'")
                        .view("select never.next_number() as k")
                        .unique("(k)")
                        .refresher("create or replace function never.next_number() returns bigint language plpgsql as"
                                + " 'begin return (select max(k) + 1 from never.\"reads itself\"); end'")
                        .expect(concurrentlyWithChanges()));
    }

    private static Shape key(String name, String query) {
        return key(name, query, concurrently());
    }

    private static Shape key(String name, String query, Expected expected) {
        return Shape.named(name).view(query).unique("(k)").expect(expected);
    }
}
