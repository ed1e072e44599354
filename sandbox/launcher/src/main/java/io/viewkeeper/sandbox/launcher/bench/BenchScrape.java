// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher.bench;

import io.viewkeeper.sandbox.claims.Measurement;
import io.viewkeeper.sandbox.launcher.console.Screen;
import io.viewkeeper.sandbox.launcher.process.Started;
import io.viewkeeper.sandbox.launcher.process.Tool;
import io.viewkeeper.sandbox.launcher.workbench.Workbench;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a scrape of metrics-service takes, and of postgres_exporter on the same database in the same run.
 *
 * @param quick a small run that shows that it works; its numbers say little
 */
public record BenchScrape(boolean quick) implements Experiment {
    /** More than there are statements: none is thrown out. */
    static final Map<String, String> SERVER =
            Map.of("pg_stat_statements.max", "100000", "max_locks_per_transaction", "256");

    static final int MOST_SERIES = 5_000;

    private static final ScrapeCost.Scale FULL =
            new ScrapeCost.Scale(List.of(9, 500, 10_000), 50_000, 300, Duration.ofSeconds(60), Duration.ofSeconds(60));
    private static final ScrapeCost.Scale QUICK =
            new ScrapeCost.Scale(List.of(9, 500), 5_000, 50, Duration.ofSeconds(10), Duration.ofSeconds(10));

    @Override
    public String name() {
        return "scrape";
    }

    @Override
    public String goal() {
        return "less than 50 ms for a scrape (p99) of at most %,d series; as many statements while scraped as without;"
                        .formatted(MOST_SERIES)
                + " nothing missing or failed beside a plain REFRESH; a ratio above 1 to postgres_exporter.";
    }

    @Override
    public List<Measurement> measure(Path root, Started started, Screen screen) throws InterruptedException {
        var scale = quick ? QUICK : FULL;
        var exporter = Tool.postgresExporter(root);
        if (exporter.isEmpty()) {
            screen.say("postgres_exporter is not on this machine: nothing to compare with. On Debian,"
                    + " 'apt-get install prometheus-postgres-exporter' brings it.");
        }
        var workbench = screen.step("Starting PostgreSQL and Kafka", () -> Workbench.start(root, started, SERVER));
        var result = screen.step(
                "Scrapes with %s views and %,d statements".formatted(scale.views(), scale.statements()),
                () -> ScrapeCost.measure(workbench.site("bench_scrape"), scale, exporter));
        return measurements(result);
    }

    static List<Measurement> measurements(ScrapeCost.Result result) {
        var all = new ArrayList<Measurement>();
        all.add(Measurement.of("statements counted", (double) result.statements(), "statements"));
        result.sizes().forEach(size -> all.addAll(of(size)));
        all.addAll(of(result.locked()));
        return all;
    }

    private static List<Measurement> of(ScrapeCost.Size size) {
        var views = "%,d views, ".formatted(size.views());
        var all = new ArrayList<>(of(views, size.service()));
        var together = size.parallel();
        all.add(Measurement.of(
                views + "50 scrapes at once, p50", together.scrapes().p50Millis(), "ms"));
        all.add(Measurement.of(
                views + "50 scrapes at once, p99", together.scrapes().p99Millis(), "ms"));
        all.add(Measurement.of(
                views + "statements while scraped; baseline: without scrapes",
                together.perSecond(),
                "statements/s",
                together.idlePerSecond()));
        var background = size.background();
        all.add(Measurement.of(views + "service between scrapes", background.servicePercent(), "% of a core"));
        all.add(Measurement.of(views + "database between scrapes", background.databasePercent(), "% of a core"));
        background
                .collectors()
                .forEach(collector -> all.add(Measurement.of(
                        views + "the database reads " + collector.reads(), collector.millisPerSample(), "ms/sample")));
        for (var compared : size.exporter()) {
            var theirs = compared.measured();
            var exporter = "%spostgres_exporter (%s queries), ".formatted(views, compared.queries());
            all.addAll(of(exporter, theirs));
            all.add(Measurement.of(
                    "%sscrape, p50; baseline: postgres_exporter (%s queries)".formatted(views, compared.queries()),
                    size.service().scrapes().p50Millis(),
                    "ms",
                    theirs.scrapes().p50Millis()));
        }
        return all;
    }

    private static List<Measurement> of(String whose, ScrapeCost.Measured measured) {
        var scrapes = measured.scrapes();
        return List.of(
                Measurement.of(whose + "scrape, p50", scrapes.p50Millis(), "ms"),
                Measurement.of(whose + "scrape, p99", scrapes.p99Millis(), "ms"),
                Measurement.of(whose + "series", scrapes.series(), "series"),
                Measurement.of(whose + "size of a scrape", scrapes.bytes() / 1e3, "kB"),
                Measurement.of(whose + "memory", measured.residentBytes() / 1e6, "MB"));
    }

    private static List<Measurement> of(LockedScrapes.Result locked) {
        var beside = "beside a plain REFRESH of %.0f s, ".formatted(locked.lockedSeconds());
        var all = new ArrayList<>(List.of(
                Measurement.of(beside + "scrape, p50", locked.service().p50Millis(), "ms"),
                Measurement.of(beside + "scrape, max", locked.service().maxMillis(), "ms"),
                Measurement.of(
                        "%sof %,d series of views missing or changed".formatted(beside, locked.viewSeries()),
                        locked.changed(),
                        "series"),
                Measurement.of(
                        beside + "collectors that failed",
                        locked.failingCollectors().size(),
                        "collectors")));
        var theirs = locked.exporter();
        if (theirs != null) {
            all.add(Measurement.of(beside + "postgres_exporter, scrape, p50", theirs.p50Millis(), "ms"));
            all.add(Measurement.of(beside + "postgres_exporter, scrape, max", theirs.maxMillis(), "ms"));
        }
        return all;
    }
}
