// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.shapes;

import static io.viewkeeper.refresher.shapes.Expected.concurrently;
import static io.viewkeeper.refresher.shapes.Expected.concurrentlyWithChanges;
import static io.viewkeeper.refresher.shapes.Expected.filledThenConcurrently;
import static io.viewkeeper.refresher.shapes.Expected.filledThenRefused;
import static io.viewkeeper.refresher.shapes.Expected.plainly;
import static io.viewkeeper.refresher.shapes.Expected.refused;

import java.util.stream.Stream;

/** With every kind of index and with none, populated and not, under each policy. */
final class IndexShapes {
    private static final String ROWS = "select i, i % 3 as j, 't' || i as t from generate_series(1, 10) i";
    private static final String NO_INDEX = "not_concurrent_capable";

    private IndexShapes() {}

    static Stream<Shape> all() {
        return Stream.of(unusable(), usable(), policies()).flatMap(shapes -> shapes);
    }

    private static Stream<Shape> unusable() {
        return Stream.of(
                rows("no index").expect(refused(NO_INDEX, "unique index")),
                rows("index not unique")
                        .refresher("create index on {view} (i)")
                        .expect(refused(NO_INDEX, "unique index")),
                rows("hash index alone")
                        .refresher("create index on {view} using hash (i)")
                        .expect(refused(NO_INDEX, "unique index")),
                rows("brin index alone")
                        .refresher("create index on {view} using brin (i)")
                        .expect(refused(NO_INDEX, "unique index")),
                rows("unique on an expression").unique("((i + 1))").expect(refused(NO_INDEX, "unique index")),
                rows("unique on a column and an expression")
                        .unique("(i, lower(t))")
                        .expect(refused(NO_INDEX, "unique index")),
                rows("unique on the whole row").unique("((i::text || t))").expect(refused(NO_INDEX, "unique index")),
                rows("unique but partial").unique("(i) where i > 0").expect(refused(NO_INDEX, "unique index")),
                rows("unique but invalid")
                        .unique("(i)")
                        .superuser(
                                "update pg_catalog.pg_index set indisvalid = false where indrelid = '{view}'::regclass")
                        .expect(refused(NO_INDEX, "unique index")));
    }

    private static Stream<Shape> usable() {
        return Stream.of(
                rows("one of several usable")
                        .unique("((i + 1))")
                        .unique("(i) where i > 0")
                        .unique("(t)")
                        .expect(concurrently()),
                rows("several columns").unique("(j, i)").expect(concurrently()),
                rows("with included columns").unique("(i) include (j, t)").expect(concurrently()),
                rows("descending").unique("(i desc nulls last)").expect(concurrently()),
                rows("collation and operator class")
                        .unique("(t collate \"C\" text_pattern_ops)")
                        .expect(concurrently()),
                rows("nulls not distinct").unique("(i) nulls not distinct").expect(concurrently()),
                rows("clustered and filled by half")
                        .unique("(i) with (fillfactor = 50)")
                        .refresher("alter materialized view {view} set (fillfactor = 50, autovacuum_enabled = false)")
                        .refresher(
                                "create index clustering on {view} (j); alter materialized view {view} cluster on clustering")
                        .expect(concurrently()),
                Shape.named("a null in the key")
                        .view("select nullif(i, 1) as i from generate_series(1, 3) i")
                        .unique("(i)")
                        .expect(concurrentlyWithChanges()),
                Shape.named("equal rows with a null in the key")
                        .view("select null::int as i from generate_series(1, 3)")
                        .unique("(i)")
                        .expect(concurrentlyWithChanges()),
                Shape.named("names that a refresh uses itself")
                        .view("select i as tid, i as newdata, i as mv, i as ctid_, i as \"_$newdata\", i as \"_$mv\""
                                + " from generate_series(1, 3) i")
                        .unique("(mv, newdata, tid)")
                        .expect(concurrently()),
                Shape.named("a column with an odd name, renamed")
                        .view("select i from generate_series(1, 3) i")
                        .unique("(i)")
                        .refresher("alter materialized view {view} rename column i to \"o\"\"dd % column\"")
                        .expect(concurrently()));
    }

    private static Stream<Shape> policies() {
        String query = "select i from generate_series(1, 3) i";
        return Stream.of(
                Shape.named("never populated")
                        .view(query + " with no data")
                        .unique("(i)")
                        .expect(refused(NO_INDEX, "not populated")),
                Shape.named(Shape.UNPOPULATED, "never populated")
                        .view(query + " with no data")
                        .unique("(i)")
                        .expect(filledThenConcurrently()),
                Shape.named(Shape.UNPOPULATED, "never populated, no index")
                        .view(query + " with no data")
                        .expect(filledThenRefused(NO_INDEX, "unique index")),
                Shape.named(Shape.UNPOPULATED, "no index").view(query).expect(refused(NO_INDEX, "unique index")),
                Shape.named(Shape.WHEN_NEEDED, "no index").view(query).expect(plainly()),
                Shape.named(Shape.WHEN_NEEDED, "never populated, no index")
                        .view(query + " with no data")
                        .expect(plainly()),
                Shape.named(Shape.WHEN_NEEDED, "usable index")
                        .view(query)
                        .unique("(i)")
                        .expect(concurrently()),
                Shape.named(Shape.ALWAYS, "usable index")
                        .view(query)
                        .unique("(i)")
                        .expect(plainly()));
    }

    private static Shape.Builder rows(String name) {
        return Shape.named(name).view(ROWS);
    }
}
