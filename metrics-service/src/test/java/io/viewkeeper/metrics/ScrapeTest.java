// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.viewkeeper.metrics.freshness.Events;
import io.viewkeeper.sandbox.server.Await;
import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.schema.event.ViewName;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import org.eclipse.microprofile.config.Config;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** One scrape of the service, of a database that is used, against all that rules and dashboards ask for. */
@Tag("server")
@QuarkusTest
@WithTestResource(RestoredAndUsed.class)
class ScrapeTest {
    private static final ViewName VIEW = new ViewName("analytics", "scraped");

    /** What the other services show, see docs/metrics.md, and Prometheus itself. */
    private static final Set<String> OF_OTHERS = Set.of(
            "ALERTS",
            "viewkeeper_optimizer_analyses_total",
            "viewkeeper_optimizer_budget_seconds",
            "viewkeeper_optimizer_budget_spent_seconds",
            "viewkeeper_optimizer_look_seconds_count",
            "viewkeeper_optimizer_look_seconds_sum",
            "viewkeeper_outbox_pending_events",
            "viewkeeper_outbox_oldest_event_age_seconds",
            "viewkeeper_views",
            "viewkeeper_views_target_at_risk");

    @Inject
    Config config;

    @TestHTTPResource
    @SuppressWarnings("NullAway.Init")
    URI http;

    @TestHTTPResource(management = true)
    @SuppressWarnings("NullAway.Init")
    URI management;

    private World world;
    private Service service;

    /** A larger table with an index, a view of it that is refreshed, and one view more than may have series. */
    static void prepare(World world) {
        execute(world, """
                create table analytics.sales as select n as id, n % 100 as shop from generate_series(1, 20000) as n;
                create index on analytics.sales (id);
                analyze analytics.sales;
                create materialized view analytics.scraped as select shop, count(*) from analytics.sales group by shop;
                grant select on analytics.sales, analytics.scraped to viewkeeper_metrics
                """);
        var now = Instant.now();
        world.discovered(VIEW);
        world.targeted(VIEW, Duration.ofMinutes(10));
        world.refreshed(VIEW, 1, now, Events.snapshot(now));
        world.discovered(new ViewName("analytics", "without series"));
        execute(
                world,
                "update viewkeeper.view_state set view_oid = 'analytics.scraped'::regclass where view_name = 'scraped'");
    }

    @BeforeEach
    void isReady() {
        world = World.of(config);
        service = new Service(http, management);
        Await.until("ready", service::isReady);
    }

    @Test
    void showsEveryMetricThatARuleOrADashboardNames() {
        world.publish(new Events(world.database().name()).completed(VIEW, 2, Instant.now(), 8_192));
        var expected = namedByRulesAndDashboards();
        expected.removeAll(OF_OTHERS);
        Monitoring.records().forEach(rule -> expected.remove(rule.path("record").asText()));
        assertThat(expected).hasSizeGreaterThan(30);
        var missing = new TreeSet<String>();
        try {
            Await.until("every metric", () -> {
                useTheDatabase();
                missing.clear();
                missing.addAll(expected);
                missing.removeAll(scrapedNames());
                return missing.isEmpty();
            });
        } catch (AssertionError late) {
            throw new AssertionError("named by a rule or a dashboard, and not in the scrape: " + missing, late);
        }
    }

    @Test
    void promtoolObjectsToFourNamesAndToNothingElse() {
        Await.until("the twelve", () -> {
            useTheDatabase();
            return scrapedNames().containsAll(Set.of("avg_query_time_ms", "p95_query_time_ms", "slow_query_count"));
        });
        service.get(http, "/views");
        var answer = Promtool.find().pipe(text(), "check", "metrics");
        assertThat(answer.text().lines().map(line -> line.substring(0, line.indexOf(' '))))
                .containsExactlyInAnyOrder(
                        "avg_query_time_ms", "p95_query_time_ms", "slow_query_count", "view_staleness_minutes");
    }

    @Test
    void librariesShowFarFewerThanAThousandSeries() {
        service.get(http, "/views");
        assertThat(service.scrape().keySet())
                .anyMatch(series -> series.startsWith("jvm_"))
                .filteredOn(series -> !series.startsWith("view"))
                .hasSizeBetween(20, 300);
    }

    @Test
    void headersMayComeInSeveralLinesAndHeadHasNoBody() throws Exception {
        try (var client = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(management.resolve("/q/metrics"))
                    .header("Accept", "text/html")
                    .header("Accept", "application/openmetrics-text;version=1.0.0;q=0.8")
                    .header("Accept-Encoding", "deflate")
                    .header("Accept-Encoding", "gzip")
                    .method("HEAD", BodyPublishers.noBody());
            var answer = client.send(request.build(), BodyHandlers.ofByteArray());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).isEmpty();
            assertThat(answer.headers().firstValue("Content-Type").orElseThrow())
                    .startsWith("application/openmetrics-text; version=1.0.0");
            assertThat(answer.headers().firstValue("Content-Encoding")).hasValue("gzip");
        }
    }

    private static Set<String> namedByRulesAndDashboards() {
        var names = new TreeSet<String>();
        Monitoring.rules()
                .forEach(rule -> names.addAll(PromqlNames.of(rule.path("expr").asText())));
        Monitoring.dashboards()
                .forEach(dashboard -> Monitoring.expressions(dashboard)
                        .forEach(expression -> names.addAll(PromqlNames.of(expression))));
        return names;
    }

    private Set<String> scrapedNames() {
        var names = new TreeSet<String>();
        service.scrape().keySet().forEach(series -> names.add(series.replaceAll("\\{.*", "")));
        return names;
    }

    /** As a Prometheus that knows no OpenMetrics is answered: promtool reads nothing else. */
    private String text() {
        return service.get(management, "/q/metrics", "text/plain;version=0.0.4").body();
    }

    private void useTheDatabase() {
        // So many equal calls that their percentile can be known.
        execute(world, "select 1; ".repeat(500));
        execute(world, "select count(*) from analytics.sales where id = 4711");
        execute(world, "select count(*) from analytics.sales where shop = 47");
        execute(world, "select * from analytics.scraped where shop = 11");
    }

    private static void execute(World world, String sql) {
        try {
            world.database().execute(Role.SUPERUSER, sql);
        } catch (SQLException refused) {
            throw new IllegalStateException(refused);
        }
    }
}
