// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.viewkeeper.metrics.freshness.Events;
import io.viewkeeper.sandbox.server.Await;
import io.viewkeeper.schema.event.ViewName;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.Config;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("server")
@QuarkusTest
@WithTestResource(SharedDatabase.class)
class KpisTest {
    private static final ViewName VIEW = new ViewName("analytics", "real_time");

    /** Minutes by which the service's notion of the database's clock may be wrong: half of what an answer took. */
    private static final double HALF_A_MINUTE = 0.5;

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

    /** A view that has no target yet, and a KPI that somebody set. */
    static void prepare(World world, Map<String, String> settings) {
        world.discovered(VIEW);
        settings.put("viewkeeper.metrics.kpi.index-usage.target", "95.5");
    }

    @BeforeEach
    void isReady() {
        world = World.of(config);
        service = new Service(http, management);
        Await.until("ready", service::isReady);
    }

    @Test
    void aKpiIsJudgedAsTheDataGrowsOld() {
        dataIsOld(1, 3);
        world.targeted(VIEW, Duration.ofMinutes(10));
        Await.until("ok", () -> verdict().equals("ok"));
        var published = Instant.now();
        world.publish(new Events(world.database().name()).completed(VIEW, 2, published, 1));
        Await.until("the newer data", () -> {
            double value = freshness().path("value").asDouble();
            return value >= 0 && value <= HALF_A_MINUTE + minutesSince(published);
        });
        assertThat(verdict()).isEqualTo("ok");
        assertThat(freshness().path("sinceStart").asBoolean()).isTrue();
        assertThat(freshness().path("reason").asText()).isEqualTo("The oldest data is that of analytics.real_time.");

        var began = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        dataIsOld(3, 7);
        Await.until("warning", () -> verdict().equals("warning"));
        assertThat(freshness().path("sinceStart").asBoolean()).isFalse();
        assertThat(Instant.parse(freshness().path("since").asText())).isAfterOrEqualTo(began);
        assertThat(series("viewkeeper_kpi_verdict", "view-freshness")).isEqualTo("1.0");
        double value = Double.parseDouble(series("viewkeeper_kpi_value", "view-freshness"));
        assertThat(value).isBetween(7 - HALF_A_MINUTE, 7 + HALF_A_MINUTE + minutesSince(began));

        dataIsOld(4, 12);
        Await.until("critical", () -> verdict().equals("critical"));
        assertThat(series("viewkeeper_kpi_verdict", "view-freshness")).isEqualTo("2.0");
    }

    private static double minutesSince(Instant moment) {
        return Duration.between(moment, Instant.now()).toMillis() / 60_000.0;
    }

    private void dataIsOld(long sequence, long minutes) {
        world.refreshed(VIEW, sequence, Instant.now(), Instant.now().minusSeconds(60 * minutes));
    }

    @Test
    void whatIsUnknownSaysWhyAndHasNoSeries() {
        var names = new ArrayList<String>();
        for (var kpi : service.json(http, "/kpis")) {
            String name = kpi.path("kpi").asText();
            names.add(name);
            assertThat(kpi.path("database").asText()).isEqualTo(world.database().name());
            if (kpi.path("verdict").asText().equals("unknown")) {
                assertThat(kpi.path("value").isNull()).isTrue();
                assertThat(kpi.path("reason").asText()).endsWith(".");
            } else {
                assertThat(series("viewkeeper_kpi_verdict", name)).isIn("0.0", "1.0", "2.0");
            }
        }
        assertThat(names).containsExactly("average-query-time", "cache-hit-ratio", "index-usage", "view-freshness");
    }

    @Test
    void targetsAndAlertThresholdsAreSeriesAsTheyAreSet() {
        assertThat(series("viewkeeper_kpi_target", "average-query-time")).isEqualTo("100.0");
        assertThat(series("viewkeeper_kpi_alert_threshold", "average-query-time"))
                .isEqualTo("200.0");
        assertThat(series("viewkeeper_kpi_target", "index-usage")).isEqualTo("95.5");
        assertThat(series("viewkeeper_kpi_alert_threshold", "cache-hit-ratio")).isEqualTo("0.9");
    }

    @Test
    void aTerminalGetsATable() {
        var page = service.get(http, "/kpis", "text/plain");
        assertThat(page.headers().firstValue("Content-Type").orElse("")).startsWith("text/plain");
        assertThat(page.body().lines().toList())
                .startsWith("KPIs of " + world.database().name())
                .anyMatch(line -> line.startsWith("view-freshness"));
        assertThat(List.of(service.get(http, "/kpis", "*/*")
                        .headers()
                        .firstValue("Content-Type")
                        .orElse("")))
                .allMatch(type -> type.startsWith("application/json"));
    }

    private JsonNode freshness() {
        return service.json(http, "/kpis").path(3);
    }

    private String verdict() {
        return freshness().path("verdict").asText();
    }

    /** As printed; empty where there is none. */
    private String series(String name, String kpi) {
        return service.scrape()
                .getOrDefault(name + "{database=\"" + world.database().name() + "\",kpi=\"" + kpi + "\"}", "");
    }
}
