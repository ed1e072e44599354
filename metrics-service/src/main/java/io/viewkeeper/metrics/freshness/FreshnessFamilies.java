// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics.freshness;

import io.viewkeeper.metrics.exposition.Family;
import io.viewkeeper.metrics.exposition.Family.Kind;
import io.viewkeeper.metrics.exposition.Family.Point;
import io.viewkeeper.metrics.exposition.FamilySource;
import io.viewkeeper.schema.event.ViewName;
import jakarta.annotation.Priority;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;

/** What a scrape shows of the views' freshness: every scrape asks the live state. */
@Singleton
@Priority(90)
final class FreshnessFamilies implements FamilySource {
    private static final List<String> LABELS_WITH_OUTCOME = List.of("database", "schema", "view", "outcome");

    private final Freshness freshness;

    FreshnessFamilies(Freshness freshness) {
        this.freshness = freshness;
    }

    @Override
    public List<Family> families() {
        var reports = freshness.reportsWithinLimit();
        String database = freshness.database();
        int omitted = freshness.viewsOverLimit();
        var families = new ArrayList<Family>();
        for (var gauge : ViewGauge.ALL) {
            families.add(family(gauge, database, reports, omitted));
        }
        families.add(runs(database, reports, omitted));
        return families;
    }

    private static Family family(ViewGauge gauge, String database, List<ViewReport> reports, int omitted) {
        var points = new ArrayList<Point>();
        for (var report : reports) {
            gauge.value()
                    .apply(report)
                    .ifPresent(value -> points.add(new Point(labels(database, report.name()), value)));
        }
        return new Family(gauge.name(), Kind.GAUGE, gauge.help(), Family.VIEW_LABELS, points, omitted);
    }

    private static Family runs(String database, List<ViewReport> reports, int omitted) {
        var points = new ArrayList<Point>();
        for (var report : reports) {
            points.add(runs(database, report.name(), "completed", report.completedRuns()));
            points.add(runs(database, report.name(), "failed", report.failedRuns()));
        }
        return new Family(
                "viewkeeper_refresh_runs_total",
                Kind.COUNTER,
                "Finished refreshes, since this process started",
                LABELS_WITH_OUTCOME,
                points,
                2 * omitted);
    }

    private static Point runs(String database, ViewName view, String outcome, long count) {
        return new Point(List.of(database, view.schema(), view.name(), outcome), count);
    }

    private static List<String> labels(String database, ViewName view) {
        return List.of(database, view.schema(), view.name());
    }
}
