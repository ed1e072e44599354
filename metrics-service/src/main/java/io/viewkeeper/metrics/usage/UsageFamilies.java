// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics.usage;

import io.viewkeeper.metrics.exposition.Family;
import io.viewkeeper.metrics.exposition.Family.Kind;
import io.viewkeeper.metrics.exposition.Family.Point;
import io.viewkeeper.metrics.exposition.FamilySource;
import io.viewkeeper.metrics.freshness.Freshness;
import io.viewkeeper.schema.event.ViewName;
import jakarta.annotation.Priority;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Function;

/** What a scrape shows of how views are read; nothing before statements are counted. */
@Singleton
@Priority(70)
final class UsageFamilies implements FamilySource {
    private final Freshness freshness;
    private final Readers readers;

    UsageFamilies(Freshness freshness, Readers readers) {
        this.freshness = freshness;
        this.readers = readers;
    }

    @Override
    public List<Family> families() {
        var reads = readers.reads(freshness.viewsWithSeries());
        return List.of(
                family(
                        "view_query_performance",
                        Kind.GAUGE,
                        "Mean milliseconds of the statements that read the view over the last minutes"
                                + " (viewkeeper.metrics.usage.window, default 5); absent if there was none",
                        reads,
                        ViewReads::meanMillis),
                family(
                        "viewkeeper_view_reads_total",
                        Kind.COUNTER,
                        "Calls of statements that read the view, since this process started",
                        reads,
                        view -> OptionalDouble.of((double) view.calls())),
                family(
                        "viewkeeper_view_dependents",
                        Kind.GAUGE,
                        "Materialized views that are computed from the view",
                        reads,
                        view -> OptionalDouble.of((double) view.feeds().size())),
                family(
                        "viewkeeper_view_read_seconds_total",
                        Kind.COUNTER,
                        "Execution time of the statements that read the view, since this process started",
                        reads,
                        view -> OptionalDouble.of(view.millis() / 1e3)));
    }

    private Family family(
            String name, Kind kind, String help, List<ViewReads> reads, Function<ViewReads, OptionalDouble> value) {
        String database = freshness.database();
        var points = new ArrayList<Point>();
        for (var view : reads) {
            value.apply(view).ifPresent(number -> points.add(new Point(labels(database, view.view()), number)));
        }
        int omitted = reads.isEmpty() ? 0 : freshness.viewsOverLimit();
        return new Family(name, kind, help, Family.VIEW_LABELS, points, omitted);
    }

    private static List<String> labels(String database, ViewName view) {
        return List.of(database, view.schema(), view.name());
    }
}
