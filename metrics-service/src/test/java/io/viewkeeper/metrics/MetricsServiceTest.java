// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.viewkeeper.metrics.freshness.Events;
import io.viewkeeper.sandbox.server.Await;
import io.viewkeeper.schema.event.RefreshCompleted;
import io.viewkeeper.schema.event.ViewName;
import jakarta.inject.Inject;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.eclipse.microprofile.config.Config;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("server")
@QuarkusTest
@WithTestResource(SharedDatabase.class)
class MetricsServiceTest {
    /** Timestamps are doubles of seconds: two ways of computing one may differ in the last bit. */
    private static final Offset<Double> MICROSECOND = Offset.offset(1e-6);

    private static final ViewName OLD = new ViewName("analytics", "refreshed_before_the_start");
    private static final ViewName NEVER = new ViewName("analytics", "never refreshed \"quoted\"");
    private static final ViewName GONE = new ViewName("analytics", "dropped_before_the_start");

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
    private Events events;

    /** A database with a past, and a topic whose records are older than what the database says. */
    static void prepare(World world, Map<String, String> settings) {
        var finished = Instant.now().minusSeconds(60).truncatedTo(ChronoUnit.MILLIS);
        settings.put("test.history.finished", finished.toString());
        var events = new Events(world.database().name());
        world.discovered(OLD);
        world.discovered(NEVER);
        world.refreshed(OLD, 6, finished.minusSeconds(10), Events.snapshot(finished.minusSeconds(10)));
        world.refreshed(OLD, 7, finished, Events.snapshot(finished));
        world.publish(events.failed(OLD, 5, finished.minusSeconds(600), 3, null));
        world.publish(events.completed(GONE, 1, finished.minusSeconds(600), 1));
        world.publish(events.completed(OLD, 7, finished, 8_192));
    }

    @BeforeEach
    void isReady() {
        world = World.of(config);
        service = new Service(http, management);
        events = new Events(world.database().name());
        Await.until("ready", service::isReady);
    }

    @Test
    void theFirstScrapeAfterARestartShowsWhatTheDatabaseKnowsWhateverTheTopicReplays() {
        var oldFinished = Instant.parse(config.getValue("test.history.finished", String.class));
        Await.until(
                "the replay", () -> service.view(OLD).path("lastEventSequence").asLong() == 7);
        Await.until("the replay of the oldest", () -> sample("viewkeeper_events_total", "stale", true) >= 1);
        assertThat(gauge("viewkeeper_view_data_timestamp_seconds", OLD))
                .isCloseTo(seconds(Events.snapshot(oldFinished)), MICROSECOND);
        assertThat(gauge("viewkeeper_view_consecutive_failures", OLD)).isZero();
        assertThat(gauge("view_refresh_success_rate", OLD)).isEqualTo(2.0 / 3.0);
        assertThat(gauge("viewkeeper_view_freshness_target_seconds", OLD)).isEqualTo(660);
        assertThat(gauge("viewkeeper_view_size_bytes", OLD)).isEqualTo(8_192);
        assertThat(gauge("viewkeeper_view_last_attempt_success", OLD)).isEqualTo(1);
        assertThat(service.view(GONE).isMissingNode()).isTrue();
        assertThat(service.scrape().keySet()).noneMatch(series -> series.contains(GONE.name()));
    }

    @Test
    void aViewThatWasNeverRefreshedIsShownAsInfinitelyStale() {
        var scrape = service.scrape();
        String labels = "{database=\"" + world.database().name()
                + "\",schema=\"analytics\",view=\"never refreshed \\\"quoted\\\"\"}";
        assertThat(scrape).containsEntry("view_staleness_minutes" + labels, "+Inf");
        // Whether it is read, and by which views, is known all the same as soon as statements are counted.
        assertThat(scrape.keySet().stream()
                        .filter(series -> series.endsWith(labels))
                        .filter(series -> !series.startsWith("viewkeeper_view_read"))
                        .filter(series -> !series.startsWith("viewkeeper_view_dependents")))
                .containsExactlyInAnyOrder(
                        "view_staleness_minutes" + labels,
                        "viewkeeper_view_consecutive_failures" + labels,
                        "viewkeeper_view_suspended" + labels);
    }

    @Test
    void eventsMoveTheGaugesAtOnceAndNeverBack() {
        var view = new ViewName("analytics", "moved by events");
        world.discovered(view);
        Await.until("the view", () -> !service.view(view).isMissingNode());
        var first = Instant.now().truncatedTo(ChronoUnit.MILLIS);

        world.publish(events.completed(view, 2, first, 16_384));
        Await.until(
                "event 2", () -> service.view(view).path("lastEventSequence").asLong() == 2);
        assertThat(gauge("viewkeeper_view_data_timestamp_seconds", view))
                .isCloseTo(seconds(Events.snapshot(first)), MICROSECOND);
        assertThat(gauge("viewkeeper_view_last_attempt_timestamp_seconds", view))
                .isCloseTo(seconds(first), MICROSECOND);
        assertThat(gauge("viewkeeper_view_last_refresh_duration_seconds", view)).isEqualTo(0.15);
        assertThat(gauge("viewkeeper_view_size_bytes", view)).isEqualTo(16_384);
        double staleness = gauge("view_staleness_minutes", view);
        // A little more: the service takes the database's time from between question and answer.
        double elapsed = Duration.between(first, Instant.now()).toMillis() / 60_000.0;
        assertThat(staleness).isBetween(0.0, elapsed + 0.5);
        assertThat(gauge("view_refresh_success_rate", view)).isEqualTo(1);

        world.publish(events.failed(view, 3, first.plusSeconds(1), 1, Events.snapshot(first)));
        Await.until(
                "event 3", () -> service.view(view).path("lastEventSequence").asLong() == 3);
        assertThat(gauge("viewkeeper_view_last_attempt_success", view)).isZero();
        assertThat(gauge("viewkeeper_view_consecutive_failures", view)).isEqualTo(1);
        assertThat(gauge("view_refresh_success_rate", view)).isEqualTo(0.5);

        double stale = sample("viewkeeper_events_total", "stale", true);
        double duplicates = sample("viewkeeper_events_total", "duplicate", true);
        world.publish(events.completed(view, 1, first.minusSeconds(9), 1));
        world.publish(events.failed(view, 3, first.plusSeconds(1), 1, Events.snapshot(first)));
        Await.until("the stale one", () -> sample("viewkeeper_events_total", "stale", true) > stale);
        Await.until("the duplicate", () -> sample("viewkeeper_events_total", "duplicate", true) > duplicates);
        assertThat(gauge("viewkeeper_view_data_timestamp_seconds", view))
                .isCloseTo(seconds(Events.snapshot(first)), MICROSECOND);
        assertThat(gauge("viewkeeper_view_size_bytes", view)).isEqualTo(16_384);
        assertThat(service.view(view).path("sequence").asLong()).isEqualTo(3);
        assertThat(runs(view, "failed")).isEqualTo(1);
    }

    @Test
    void whatTheDatabaseAloneKnowsIsShownToo() {
        var view = new ViewName("analytics", "kafka_was_down");
        world.discovered(view);
        var finished = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        world.refreshed(view, 1, finished, Events.snapshot(finished));
        Await.until("the refresh", () -> service.view(view).path("sequence").asLong() == 1);
        assertThat(service.view(view).path("lastEventSequence").isNull()).isTrue();
        assertThat(gauge("viewkeeper_view_data_timestamp_seconds", view))
                .isCloseTo(seconds(Events.snapshot(finished)), MICROSECOND);
    }

    @Test
    void aDroppedViewLosesItsSeriesAndALateEventDoesNotBringThemBack() {
        var view = new ViewName("analytics", "dropped_later");
        world.discovered(view);
        Await.until("the view", () -> !service.view(view).isMissingNode());
        world.dropped(view);
        Await.until("no series", () -> service.scrape().keySet().stream().noneMatch(s -> s.contains("dropped_later")));
        double applied = sample("viewkeeper_events_total", "applied", true);
        world.publish(events.completed(view, 1, Instant.now(), 1));
        Await.until("the event", () -> sample("viewkeeper_events_total", "applied", true) > applied);
        assertThat(service.scrape().keySet()).noneMatch(series -> series.contains("dropped_later"));
    }

    @Test
    void aPoisonRecordGoesToTheDeadLettersWithItsReasonAndTheNextIsRead() {
        var view = new ViewName("analytics", "after_poison");
        world.discovered(view);
        byte[] poison = {'{', (byte) 0xfe, '}'};
        world.publish(
                Map.of(
                        "ce_specversion",
                        "1.0",
                        "ce_id",
                        "00000000-0000-0000-0000-000000000001",
                        "ce_type",
                        RefreshCompleted.TYPE),
                view.toString(),
                poison);
        world.publish(Map.of("ce_specversion", "1.0", "ce_type", "io.viewkeeper.refresh-completed.v2"), "k", poison);
        world.publish(events.completed(view, 1, Instant.now(), 1));

        Await.until(
                "the next event",
                () -> service.view(view).path("lastEventSequence").asLong() == 1);
        var letters = world.deadLetters(2);
        assertThat(letters).hasSize(2);
        assertThat(letters)
                .extracting(letter ->
                        text(letter.headers().lastHeader("dead-letter-reason").value()))
                .containsExactlyInAnyOrder("the payload is not UTF-8", "the header \"ce_id\" is missing");
        assertThat(letters).allSatisfy(letter -> {
            assertThat(letter.value()).isEqualTo(poison);
            assertThat(letter.headers().lastHeader("ce_type")).isNotNull();
        });
        assertThat(sample("viewkeeper_events_total", "dead_letter", false)).isEqualTo(2);
        // All replicas, and the next start, go on from here.
        Await.until("the place of the group is kept", () -> world.committed("metrics-dead-letters") >= 3);
    }

    @Test
    void namesAreExactlyThosePromised() {
        Await.until("a run", () -> service.view(OLD).path("sequence").asLong() == 7);
        Await.until(
                "all statistics",
                () -> Stream.of("statement_calls", "table_scans", "blocks_hit")
                        .allMatch(name -> service.scrape().keySet().stream()
                                .anyMatch(series -> series.startsWith("viewkeeper_" + name + "_total"))));
        var names = service.scrape().keySet().stream()
                .map(series -> series.replaceAll("\\{.*", ""))
                .filter(name -> name.startsWith("view"))
                .map(name -> name.replaceAll("_(bucket|count|sum|max)$", ""))
                .collect(Collectors.toSet());
        var promised = Set.of(
                "view_staleness_minutes",
                "view_refresh_success_rate",
                "viewkeeper_loop_last_turn_age_seconds",
                "viewkeeper_view_data_timestamp_seconds",
                "viewkeeper_view_last_attempt_timestamp_seconds",
                "viewkeeper_view_last_attempt_success",
                "viewkeeper_view_next_refresh_timestamp_seconds",
                "viewkeeper_view_freshness_target_seconds",
                "viewkeeper_view_last_refresh_duration_seconds",
                "viewkeeper_view_consecutive_failures",
                "viewkeeper_view_suspended",
                "viewkeeper_view_size_bytes",
                "viewkeeper_refresh_runs_total",
                "viewkeeper_refresh_duration_seconds",
                "viewkeeper_event_delivery_seconds",
                "viewkeeper_events_total",
                "viewkeeper_series_dropped_total",
                "viewkeeper_kpi_target",
                "viewkeeper_kpi_alert_threshold",
                "viewkeeper_statement_calls_total",
                "viewkeeper_statement_seconds_total",
                "viewkeeper_table_scans_total",
                "viewkeeper_blocks_hit_total",
                "viewkeeper_blocks_read_total",
                "viewkeeper_view_reads_total",
                "viewkeeper_view_dependents",
                "viewkeeper_view_read_seconds_total",
                "viewkeeper_database_up",
                "viewkeeper_kafka_connected",
                "viewkeeper_refreshers_alive",
                "viewkeeper_statistics_missing",
                "viewkeeper_collector_duration_seconds",
                "viewkeeper_collector_success",
                "viewkeeper_collector_last_success_timestamp_seconds");
        // These only while somebody reads views, and while there is enough to judge.
        names.removeAll(Set.of(
                "view_query_performance",
                "viewkeeper_view_buffer_hit_ratio",
                "viewkeeper_kpi_value",
                "viewkeeper_kpi_verdict"));
        assertThat(names).isEqualTo(promised);
    }

    @Test
    void aScrapeShowsNoNaNAndNoRepeatedSeries() {
        assertThat(service.scrape().entrySet())
                .filteredOn(sample -> sample.getKey().startsWith("view"))
                .noneMatch(sample -> sample.getValue().equals("NaN"));
        var lines = service.get(service.management(), "/q/metrics")
                .body()
                .lines()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.substring(0, line.lastIndexOf(' ')))
                .toList();
        assertThat(lines).doesNotHaveDuplicates();
    }

    @Test
    void theApiDescribesItself() {
        assertThat(service.get(service.management(), "/q/openapi").statusCode()
                        + service.get(service.http(), "/q/openapi").statusCode())
                .isEqualTo(200 + 404);
    }

    private double gauge(String name, ViewName view) {
        String value = service.scrape()
                .get(name + "{database=\"" + world.database().name() + "\",schema=\"" + view.schema() + "\",view=\""
                        + view.name() + "\"}");
        return value == null ? Double.NaN : Double.parseDouble(value);
    }

    private double runs(ViewName view, String outcome) {
        return Double.parseDouble(service.scrape()
                .get("viewkeeper_refresh_runs_total{database=\""
                        + world.database().name() + "\",schema=\"" + view.schema() + "\",view=\"" + view.name()
                        + "\",outcome=\"" + outcome + "\"}"));
    }

    /** Sum over all types. */
    private double sample(String name, String outcome, boolean knownTypes) {
        return service.scrape().entrySet().stream()
                .filter(sample ->
                        sample.getKey().startsWith(name) && sample.getKey().contains("\"" + outcome + "\""))
                .filter(sample -> !knownTypes || !sample.getKey().contains("\"unknown\""))
                .mapToDouble(sample -> Double.parseDouble(sample.getValue()))
                .sum();
    }

    private static double seconds(Instant instant) {
        return Duration.between(Instant.EPOCH, instant).toNanos() / 1e9;
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
