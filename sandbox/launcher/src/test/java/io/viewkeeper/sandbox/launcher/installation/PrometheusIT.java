// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher.installation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.viewkeeper.sandbox.launcher.process.Prometheus;
import io.viewkeeper.sandbox.launcher.process.Prometheus.Sampled;
import io.viewkeeper.sandbox.launcher.process.ServiceKind;
import io.viewkeeper.sandbox.launcher.process.Tool;
import io.viewkeeper.sandbox.launcher.workbench.SqlSession;
import io.viewkeeper.sandbox.server.Await;
import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.schema.event.ViewName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** A real Prometheus scrapes the three packaged services, with the rules that ship, and shows what is true. */
@Tag("server")
@ResourceLock(Installation.SHARED)
class PrometheusIT {
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    /** How much older or newer than in the database a view's data may be shown. */
    private static final Duration TOLERANCE = Duration.ofSeconds(1);

    private static final ViewName FAILING = new ViewName("analytics", "payer_analysis_daily");
    private static final String TAKE_AWAY = "revoke select on staging.payers from viewkeeper_refresher";
    private static final String GIVE_BACK = "grant select on staging.payers to viewkeeper_refresher";

    // index_usage_percent judges tables of more than 10,000 rows, which the claims workload of this size lacks, and
    // view_query_performance views that somebody reads.
    private static final String LARGE_TABLE = """
            create table staging.large_table as select i from pg_catalog.generate_series(1, 20000) i;
            create index on staging.large_table (i);
            analyze staging.large_table
            """;
    private static final List<String> READS = List.of(
            "select count(*) from staging.large_table where i = 5",
            "select count(*) from analytics.claims_daily_summary s where s.total_claims > 0");

    private static final String QUICKLY_SCRAPED =
            "scrape_duration_seconds{job='metrics-service'} < 0.5 and on (instance) up == 1";

    private static final String COMPLETED = """
            select
              l.view_schema || '.' || l.view_name as view,
              extract(epoch from l.data_as_of) as data_as_of,
              extract(epoch from l.refresh_time) as finished_at
            from analytics.view_refresh_log l
            where l.status = 'completed'
            order by l.sequence
            """;

    private static Installation installation;
    private static Prometheus prometheus;

    @BeforeAll
    static void startEverything() throws Exception {
        installation = Installation.shared();
        var root = Installation.root();
        var program = Tool.prometheus(root)
                .orElseThrow(() -> new AssertionError("This test needs Prometheus, which is neither on PATH nor in"
                        + " target/tools/prometheus/usr/bin: './viewkeeper test' puts Debian's there, or install one"
                        + " (on Debian, 'apt-get install prometheus')"));
        var services =
                Arrays.stream(ServiceKind.values()).map(installation::service).toList();
        var folder = Files.createDirectories(root.resolve("sandbox/launcher/target/end-to-end"));
        prometheus = Prometheus.start(
                program,
                new Prometheus.Plan(services, Optional.of(quickRules(root, folder)), INTERVAL),
                folder.resolve("prometheus"));
        prometheus.awaitReady();
    }

    /** The shipped rules, all evaluated every second: a group that is evaluated every minute would make this test wait for it. */
    private static Path quickRules(Path root, Path folder) throws IOException {
        String shipped = Files.readString(Prometheus.shippedRules(root).orElseThrow());
        return Files.writeString(folder.resolve("rules.yaml"), shipped.replaceAll("(?m)^ +interval: .*\\n", ""));
    }

    @AfterAll
    static void stop() {
        if (prometheus != null) {
            prometheus.close();
        }
    }

    @Test
    void scrapesAllThreeServices() throws InterruptedException {
        var jobs = Arrays.stream(ServiceKind.values()).map(ServiceKind::module).toList();
        Await.until(
                "these are up at once, and no others: " + jobs,
                () -> prometheus.jobsUp().equals(Set.copyOf(jobs)));
    }

    @Test
    void evaluatesEveryShippedRuleWithoutAnError() throws InterruptedException {
        var rules = new AtomicReference<List<JsonNode>>(List.of());
        Await.until("every rule was evaluated", () -> {
            rules.set(rules());
            return rules.get().stream()
                    .noneMatch(rule -> rule.path("health").asText().equals("unknown"));
        });
        assertThat(rules.get()).allSatisfy(rule -> {
            assertThat(rule.path("health").asText()).as(rule.toString()).isEqualTo("ok");
            assertThat(rule.path("lastError").asText()).isEmpty();
        });
    }

    /** Recorded for alerts; promtool's tests show that they appear. */
    private static final Set<String> WHILE_SOMETHING_IS_WRONG = Set.of(
            "ALERTS",
            "database:viewkeeper_refreshing:impossible",
            "database_schema_view:viewkeeper_view_failing:count",
            "database_schema_view:viewkeeper_view_never_read:refreshes1d",
            "database_schema_view:viewkeeper_view_never_refreshed:target_seconds",
            "database_schema_view:viewkeeper_view_stale:seconds",
            "database_schema_view:viewkeeper_view_suspended:bool");

    /** Recorded once most of a window is covered, which takes minutes to weeks. */
    private static final String OF_WINDOWS = "database:viewkeeper_minutes_stale:";

    @Test
    void hasEveryMetricThatARuleOrADashboardReads() throws Exception {
        var wanted = new TreeSet<String>();
        rules().forEach(rule -> {
            wanted.addAll(MetricNames.in(rule.path("query").asText()));
            if (rule.path("type").asText().equals("recording")) {
                wanted.add(rule.path("name").asText());
            }
        });
        assertThat(wanted).as("metrics of rules").isNotEmpty();
        var dashboards = dashboards();
        assertThat(dashboards).as("dashboards").isNotEmpty();
        for (var dashboard : dashboards) {
            wanted.addAll(MetricNames.inDashboard(new ObjectMapper().readTree(dashboard.toFile())));
        }
        wanted.removeAll(WHILE_SOMETHING_IS_WRONG);
        wanted.removeIf(name -> name.startsWith(OF_WINDOWS));
        try (var application = SqlSession.of(installation.database(), Role.OWNER)) {
            application.run(LARGE_TABLE);
            var missing = new TreeSet<>(wanted);
            Await.until(() -> "metrics that Prometheus never had: " + missing, () -> {
                READS.forEach(application::rows);
                missing.removeAll(prometheus.names());
                return missing.isEmpty();
            });
        } finally {
            installation.database().execute(Role.OWNER, "drop table if exists staging.large_table");
        }
    }

    /** Where Prometheus stands still it answers nothing, which would look like no rules. */
    private static List<JsonNode> rules() {
        var rules = new AtomicReference<List<JsonNode>>(List.of());
        Await.until("Prometheus tells its rules", () -> {
            rules.set(prometheus.rules());
            return !rules.get().isEmpty();
        });
        return rules.get();
    }

    @Test
    void showsDataAsOldAsTheyAreInTheDatabase() throws Exception {
        var runs = new HashMap<String, List<CompletedRun>>();
        var behind = new HashSet<>(Installation.VIEWS);
        Await.until(() -> "views that are never shown with their newest data: " + behind, () -> {
            var looked = lookAtStaleness();
            runs.putAll(completedRuns());
            behind.removeIf(view -> looked.containsKey(view.toString())
                    && isTheNewest(looked.get(view.toString()), Objects.requireNonNull(runs.get(view.toString()))));
            return behind.isEmpty();
        });
    }

    /** What Prometheus holds of a view: its scrape, and the data shown, both in seconds since 1970. */
    private record Shown(double scrapedAt, double dataAsOf) {}

    /** By view, of those that were refreshed; nothing while a scrape was slow or failed: its samples carry the time at which it began, not that of the answer. */
    private static Map<String, Shown> lookAtStaleness() {
        // One that is being scraped is not there yet.
        var moment = Instant.now().minus(INTERVAL.multipliedBy(2));
        if (prometheus.query(QUICKLY_SCRAPED, moment).isEmpty()) {
            return Map.of();
        }
        var scrapedAt = byView(prometheus.query("timestamp(view_staleness_minutes)", moment));
        var looked = new HashMap<String, Shown>();
        byView(prometheus.query("view_staleness_minutes < 60", moment)).forEach((view, minutes) -> {
            var scraped = scrapedAt.get(view);
            if (scraped != null) {
                looked.put(view, new Shown(scraped, scraped - minutes * 60));
            }
        });
        return looked;
    }

    /** Shown are the data of a run, always, and of the last one, unless its event is on the way. */
    private static boolean isTheNewest(Shown shown, List<CompletedRun> runs) {
        double tolerance = TOLERANCE.plus(INTERVAL).toSeconds();
        assertThat(runs).as("%s", shown).anySatisfy(run -> {
            assertThat(run.dataAsOf()).isBetween(shown.dataAsOf() - tolerance, shown.dataAsOf() + tolerance);
            assertThat(run.finishedAt()).isLessThan(shown.scrapedAt() + tolerance);
        });
        return runs.stream()
                .filter(run -> run.finishedAt() < shown.scrapedAt() - tolerance)
                .allMatch(run -> run.dataAsOf() < shown.dataAsOf() + tolerance);
    }

    @Test
    void countsTheFailuresOfAViewThatFailsUntilItRecovers() throws Exception {
        var failures = "viewkeeper_view_consecutive_failures{schema='%s',view='%s'}"
                .formatted(FAILING.schema(), FAILING.name());
        Await.until("it does not fail before", () -> is(failures + " == 0"));
        installation.database().execute(Role.OWNER, TAKE_AWAY);
        try {
            Await.until("a failure is counted", () -> is(failures + " >= 1"));
        } finally {
            installation.database().execute(Role.OWNER, GIVE_BACK);
        }
        Await.until("none is left after the view has recovered", () -> is(failures + " == 0"));
    }

    private static boolean is(String condition) {
        return !prometheus.query(condition).isEmpty();
    }

    private static List<Path> dashboards() throws IOException {
        var folder = Installation.root().resolve("deploy/k8s/monitoring/dashboards");
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".json")).toList();
        }
    }

    private static String view(Sampled series) {
        return series.label("schema") + "." + series.label("view");
    }

    private static Map<String, Double> byView(List<Sampled> series) {
        return series.stream().collect(Collectors.toMap(PrometheusIT::view, Sampled::value));
    }

    /** Both in seconds since 1970. */
    private record CompletedRun(double dataAsOf, double finishedAt) {}

    private static Map<String, List<CompletedRun>> completedRuns() {
        var runs = new HashMap<String, List<CompletedRun>>();
        try (var session = SqlSession.of(installation.database(), Role.OWNER)) {
            for (var row : session.rows(COMPLETED)) {
                runs.computeIfAbsent(row.getFirst(), any -> new ArrayList<>())
                        .add(new CompletedRun(Double.parseDouble(row.get(1)), Double.parseDouble(row.get(2))));
            }
        }
        return runs;
    }
}
