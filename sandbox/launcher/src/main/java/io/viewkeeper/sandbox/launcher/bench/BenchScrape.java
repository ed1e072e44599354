package io.viewkeeper.sandbox.launcher.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.viewkeeper.sandbox.launcher.console.Command;
import io.viewkeeper.sandbox.launcher.console.Screen;
import io.viewkeeper.sandbox.launcher.process.Started;
import io.viewkeeper.sandbox.launcher.process.Tool;
import io.viewkeeper.sandbox.launcher.workbench.Workbench;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a scrape of metrics-service takes, and of postgres_exporter on the same database in the same run. */
public final class BenchScrape {
    /** More than there are statements: none is thrown out. */
    static final Map<String, String> SERVER =
            Map.of("pg_stat_statements.max", "100000", "max_locks_per_transaction", "256");

    static final int MOST_SERIES = 5_000;

    private static final ScrapeCost.Scale FULL =
            new ScrapeCost.Scale(List.of(9, 500, 10_000), 50_000, 300, Duration.ofSeconds(60), Duration.ofSeconds(60));
    private static final ScrapeCost.Scale QUICK =
            new ScrapeCost.Scale(List.of(9, 500), 5_000, 50, Duration.ofSeconds(10), Duration.ofSeconds(10));

    private static final int DONE = 0;
    private static final double MOST_P99_MILLIS = 50;
    private static final String LINE = "%-58s  %34s  %12s";

    private final Path root;
    private final Command.BenchScrape command;
    private final Screen screen;
    private final Started started = new Started();

    public BenchScrape(Path root, Command.BenchScrape command, Screen screen) {
        this.root = root;
        this.command = command;
        this.screen = screen;
    }

    /** Returns the exit code. A goal that is missed is a result, not a failure. */
    public int run() throws InterruptedException, IOException {
        var hook = new Thread(started::close, "stop");
        Runtime.getRuntime().addShutdownHook(hook);
        try (started) {
            var exporter = Tool.postgresExporter(root);
            var scale = command.quick() ? QUICK : FULL;
            var workbench = screen.step("Starting PostgreSQL and Kafka", () -> Workbench.start(root, started, SERVER));
            var result = screen.step(
                    "Scrapes with %s views and %,d statements".formatted(scale.views(), scale.statements()),
                    () -> ScrapeCost.measure(workbench.site("bench_scrape"), scale, exporter));
            show(result, exporter);
            var file = root.resolve("target/bench/scrape.json");
            Files.createDirectories(file.getParent());
            new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(file.toFile(), result);
            screen.say("Written to " + file);
            return DONE;
        }
    }

    private void show(ScrapeCost.Result result, Optional<Tool> exporter) {
        screen.say("");
        screen.say(LINE.formatted("%,d statements counted".formatted(result.statements()), "measured", "goal"));
        result.sizes().forEach(this::show);
        show(result.locked());
        if (exporter.isEmpty()) {
            screen.say("postgres_exporter is not on this machine: nothing to compare with. On Debian,"
                    + " 'apt-get install prometheus-postgres-exporter' brings it.");
        }
    }

    private void show(ScrapeCost.Size size) {
        var service = size.service();
        var background = size.background();
        row(
                "%,d views: scrape, p50, p99".formatted(size.views()),
                millis(service.scrapes()),
                "p99 < %.0f ms".formatted(MOST_P99_MILLIS));
        row(
                "  series, size of a scrape",
                "%,d, %,d bytes"
                        .formatted(service.scrapes().series(), service.scrapes().bytes()),
                "≤ %,d series".formatted(MOST_SERIES));
        row("  50 at once, p50, p99", millis(size.parallel().scrapes()), "");
        row(
                "  statements a second while they scrape, while nobody does",
                "%.2f, %.2f"
                        .formatted(size.parallel().perSecond(), size.parallel().idlePerSecond()),
                "the same");
        row(
                "  between scrapes: service, database",
                "%.2f %%, %.2f %% of a core".formatted(background.servicePercent(), background.databasePercent()),
                "");
        background
                .collectors()
                .forEach(collector -> row(
                        "    the database reads %s, a sample".formatted(collector.reads()),
                        "%.1f ms (%d samples)".formatted(collector.millisPerSample(), collector.samples()),
                        ""));
        row("  memory", megabytes(service), "");
        for (var compared : size.exporter()) {
            var theirs = compared.measured();
            row(
                    "  postgres_exporter, queries: %s; p50, p99".formatted(compared.queries()),
                    millis(theirs.scrapes()),
                    "");
            row("    its median to ours", "%.1f times".formatted(compared.ratio()), "> 1");
            row("    series, memory", "%,d, %s".formatted(theirs.scrapes().series(), megabytes(theirs)), "");
        }
    }

    private void show(LockedScrapes.Result locked) {
        row(
                "beside a plain REFRESH of %.0f s: scrape, p50, max".formatted(locked.lockedSeconds()),
                "%,.1f ms, %,.1f ms"
                        .formatted(
                                locked.service().p50Millis(), locked.service().maxMillis()),
                "");
        row(
                "  of %,d series of views, missing or changed".formatted(locked.viewSeries()),
                "%d".formatted(locked.changed()),
                "0");
        row("  collectors that failed", locked.failingCollectors().toString(), "[]");
        var theirs = locked.exporter();
        if (theirs != null) {
            row(
                    "  postgres_exporter, p50, max",
                    "%,.1f ms, %,.1f ms".formatted(theirs.p50Millis(), theirs.maxMillis()),
                    "");
        }
    }

    private static String millis(Scrapes scrapes) {
        return "%,.1f ms, %,.1f ms".formatted(scrapes.p50Millis(), scrapes.p99Millis());
    }

    private static String megabytes(ScrapeCost.Measured measured) {
        return "%,d MB".formatted(measured.residentBytes() / 1_000_000);
    }

    private void row(String what, String measured, String goal) {
        screen.say(LINE.formatted(what, measured, goal));
    }
}
