// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.viewkeeper.metrics.freshness.Events;
import io.viewkeeper.sandbox.server.Await;
import io.viewkeeper.schema.event.ViewName;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Instant;
import java.util.Map;
import org.eclipse.microprofile.config.Config;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("server")
@QuarkusTest
@WithTestResource(value = DegradedStartTest.NothingAnswers.class, scope = TestResourceScope.RESTRICTED_TO_CLASS)
class DegradedStartTest {
    @Inject
    Config config;

    @TestHTTPResource
    @SuppressWarnings("NullAway.Init")
    URI http;

    @TestHTTPResource(management = true)
    @SuppressWarnings("NullAway.Init")
    URI management;

    /** No broker at all, a database that refuses for now, and more views than may have series. */
    public static class NothingAnswers extends TestServers {
        @Override
        protected void prepare(World world, Map<String, String> settings) {
            for (var name : new String[] {"d", "b", "e", "a", "c"}) {
                world.discovered(new ViewName("analytics", name));
            }
            var now = Instant.now();
            world.refreshed(new ViewName("analytics", "a"), 1, now, Events.snapshot(now));
            world.databaseOut();
            settings.put("kafka.bootstrap.servers", "127.0.0.1:1");
            settings.put("viewkeeper.metrics.freshness.max-views", "2");
            settings.put("viewkeeper.metrics.collector.silent-after", "PT1S");
        }
    }

    @Test
    void startsWithoutDatabaseAndBrokerAndIsReadyAsSoonAsTheDatabaseAnswers() {
        var service = new Service(http, management);
        assertThat(service.get(management, "/q/health/live").statusCode()).isEqualTo(200);
        assertThat(service.get(management, "/q/health/ready").statusCode()).isEqualTo(503);
        assertThat(readiness(service).path("views").textValue()).startsWith("not yet rebuilt");
        assertThat(service.scrape().keySet()).noneMatch(series -> series.startsWith("view_staleness_minutes"));

        Await.until("the cause", () -> isUp(service).equals("0.0"));
        assertThat(service.scrape().keySet())
                .noneMatch(series -> series.startsWith("viewkeeper_refreshers_alive")
                        || series.startsWith("viewkeeper_statistics_missing"));

        World.of(config).databaseBack();
        Await.until("ready", service::isReady);
        Await.until("up", () -> isUp(service).equals("1.0"));
        Await.until("degraded", () -> readiness(service).path("kafka").asText().startsWith("degraded"));
        assertThat(service.get(management, "/q/health/live").statusCode()).isEqualTo(200);
        assertThat(service.json(http, "/views")).hasSize(5);
        onlyTheFirstViewsByNameHaveSeriesAndTheRestIsCounted(service);
        withoutTheDatabaseNoKpiIsKnownAndTheCauseIsTold(service);
    }

    private void withoutTheDatabaseNoKpiIsKnownAndTheCauseIsTold(Service service) {
        World.of(config).databaseOut();
        try {
            Await.until(
                    () -> "why, now " + service.json(http, "/kpis"),
                    () -> service.json(http, "/kpis").findValuesAsText("reason").stream()
                            .allMatch(reason -> reason.startsWith("The database has not been read since ")));
            assertThat(service.json(http, "/kpis").findValuesAsText("verdict")).containsOnly("unknown");
            Await.until("the cause", () -> isUp(service).equals("0.0"));
            assertThat(service.scrape().keySet())
                    .noneMatch(series -> series.startsWith("viewkeeper_kpi_value")
                            || series.startsWith("viewkeeper_refreshers_alive")
                            || series.startsWith("viewkeeper_statistics_missing"));
        } finally {
            World.of(config).databaseBack();
        }
        Await.until("up", () -> isUp(service).equals("1.0"));
    }

    /** As printed. */
    private String isUp(Service service) {
        String database = World.of(config).database().name();
        return service.scrape().getOrDefault("viewkeeper_database_up{database=\"" + database + "\"}", "none");
    }

    private void onlyTheFirstViewsByNameHaveSeriesAndTheRestIsCounted(Service service) {
        var samples = service.scrape();
        assertThat(samples.keySet().stream()
                        .filter(series -> series.startsWith("view_staleness_minutes"))
                        .map(series -> series.replaceAll(".*view=\"(.*)\".*", "$1")))
                .containsExactly("a", "b");
        Await.until(
                "the rest is counted",
                () -> Double.parseDouble(service.scrape()
                                .getOrDefault(
                                        "viewkeeper_series_dropped_total{database=\""
                                                + World.of(config).database().name()
                                                + "\",metric=\"view_staleness_minutes\"}",
                                        "0"))
                        >= 3);
    }

    private static JsonNode readiness(Service service) {
        for (var check : service.json(service.management(), "/q/health/ready").path("checks")) {
            if (check.path("name").textValue().equals("viewkeeper-metrics")) {
                return check.path("data");
            }
        }
        throw new AssertionError("no check of ours");
    }
}
