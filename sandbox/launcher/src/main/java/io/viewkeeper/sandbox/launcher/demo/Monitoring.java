// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher.demo;

import io.viewkeeper.sandbox.launcher.process.LauncherException;
import io.viewkeeper.sandbox.launcher.process.Poll;
import io.viewkeeper.sandbox.launcher.process.Prometheus;
import io.viewkeeper.sandbox.launcher.process.Prometheus.Sampled;
import io.viewkeeper.sandbox.launcher.process.RunningService;
import io.viewkeeper.sandbox.launcher.process.ServiceKind;
import io.viewkeeper.sandbox.launcher.process.Tool;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The demo's Prometheus, where this machine has the program: the demo works without. */
final class Monitoring implements AutoCloseable {
    private static final Duration INTERVAL = Duration.ofSeconds(3);
    private static final Duration LIMIT = Duration.ofMinutes(1);

    private static final int KNOWN_SOON = 3;

    private static final List<String> SAMPLES = List.of(
            "view_staleness_minutes",
            "time() - viewkeeper_view_data_timestamp_seconds > viewkeeper_view_freshness_target_seconds",
            "sum by (outcome) (rate(viewkeeper_refresh_runs_total[1m]))");

    private final @Nullable Prometheus prometheus;
    private final List<String> introduction;

    private Monitoring(@Nullable Prometheus prometheus, List<String> introduction) {
        this.prometheus = prometheus;
        this.introduction = introduction;
    }

    /** Starts Prometheus, if there is one, with its files below the directory. */
    static Monitoring start(Path root, List<RunningService> services, Path directory) throws InterruptedException {
        var program = Tool.prometheus(root);
        if (program.isEmpty()) {
            return new Monitoring(null, howToGetOne(root));
        }
        var plan = new Prometheus.Plan(services, Prometheus.shippedRules(root), INTERVAL);
        var prometheus = Prometheus.start(program.get(), plan, directory.resolve("prometheus"));
        try {
            prometheus.awaitReady();
            return new Monitoring(prometheus, introductionOf(prometheus));
        } catch (LauncherException unusable) {
            prometheus.close();
            return new Monitoring(
                    null,
                    List.of("Prometheus (%s) does not start, so nothing scrapes the services here: %s"
                            .formatted(program.get().file(), unusable.getMessage())));
        }
    }

    private static List<String> howToGetOne(Path root) {
        return List.of(
                "Prometheus is not on this machine, so nothing scrapes the services here. To have the demo start one:",
                "      " + download(root),
                "  (Debian's, for this checkout alone), or put a program 'prometheus' on PATH.");
    }

    /** Works in any folder, and leaves nothing but the program. */
    static String download(Path root) {
        String folder = "'" + root.resolve("target/tools").toString().replace("'", "'\\''") + "'";
        return "(mkdir -p " + folder + " && cd " + folder + " && apt-get download prometheus"
                + " && dpkg-deb -x prometheus_*.deb prometheus && rm prometheus_*.deb)";
    }

    private static List<String> introductionOf(Prometheus prometheus) {
        var lines = new ArrayList<String>();
        lines.add("%-18s %s  scrapes the three every %d s; ask it, for example:"
                .formatted("prometheus", prometheus.url(), INTERVAL.toSeconds()));
        SAMPLES.forEach(query -> lines.add("      " + query));
        return lines;
    }

    /** For {@code connection.env}. */
    Map<String, String> settings() {
        return prometheus == null ? Map.of() : Map.of("PROMETHEUS_URL", prometheus.url());
    }

    /** For people: where it is and what to ask, or how to get one. */
    List<String> introduction() {
        return introduction;
    }

    /**
     * What it answers when asked how old each view's data is, and how the KPIs stand, once it has scraped all services and
     * heard of as many views; nothing where there is none.
     */
    List<String> answers(int views) throws InterruptedException {
        if (prometheus == null) {
            return List.of();
        }
        var asked = prometheus;
        awaitScrapes(asked, views);
        // Statistics are known from their second sample on; of index usage nothing may ever be, where no larger table
        // is scanned.
        var _ = new Poll(LIMIT).until(() -> kpis(asked, "viewkeeper_kpi_value").size() >= KNOWN_SOON);
        var lines = new ArrayList<>(List.of("", "What Prometheus answers, which has scraped all three services:"));
        addStaleness(asked, lines);
        addKpis(asked, lines);
        return lines;
    }

    private static void awaitScrapes(Prometheus asked, int views) throws InterruptedException {
        boolean scraped = new Poll(LIMIT).until(() -> {
            if (!asked.process().isAlive()) {
                throw new LauncherException(asked.process().obituary());
            }
            return asked.jobsUp().size() == ServiceKind.values().length
                    && staleness(asked).size() >= views;
        });
        if (!scraped) {
            throw new LauncherException(
                    "Prometheus has not scraped all services within %d s, only %s; %s/targets says why"
                            .formatted(LIMIT.toSeconds(), asked.jobsUp(), asked.url()));
        }
    }

    private static void addStaleness(Prometheus asked, List<String> lines) {
        lines.add("  %-50s  %s".formatted("view_staleness_minutes", "minutes"));
        staleness(asked).stream()
                .sorted(Comparator.comparing(Monitoring::view))
                .forEach(view -> lines.add("    %-48s  %7.2f".formatted(view(view), view.value())));
    }

    private static void addKpis(Prometheus asked, List<String> lines) {
        var targets = kpis(asked, "viewkeeper_kpi_target");
        if (targets.isEmpty()) {
            return;
        }
        var values = kpis(asked, "viewkeeper_kpi_value");
        var verdicts = kpis(asked, "viewkeeper_kpi_verdict");
        lines.add("  %-50s  %7s  %8s  %s".formatted("viewkeeper_kpi_value", "value", "target", "verdict"));
        targets.keySet().stream()
                .sorted()
                .forEach(kpi -> lines.add("    %-48s  %7s  %8.2f  %s"
                        .formatted(kpi, text(values.get(kpi)), targets.get(kpi), verdict(verdicts.get(kpi)))));
    }

    private static List<Sampled> staleness(Prometheus asked) {
        return asked.query("view_staleness_minutes");
    }

    private static Map<String, Double> kpis(Prometheus asked, String metric) {
        return asked.query(metric).stream()
                .collect(Collectors.toMap(series -> series.label("kpi"), Sampled::value, (first, second) -> first));
    }

    private static String view(Sampled series) {
        return series.label("schema") + "." + series.label("view");
    }

    private static String text(@Nullable Double value) {
        return value == null ? "unknown" : "%.2f".formatted(value);
    }

    private static String verdict(@Nullable Double verdict) {
        if (verdict == null) {
            return "unknown";
        }
        return verdict == 0 ? "ok" : verdict == 1 ? "warning" : "critical";
    }

    @Override
    public void close() {
        if (prometheus != null) {
            prometheus.close();
        }
    }
}
