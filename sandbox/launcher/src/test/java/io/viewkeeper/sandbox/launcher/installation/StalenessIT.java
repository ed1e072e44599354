// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher.installation;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.sandbox.launcher.process.Http;
import io.viewkeeper.sandbox.launcher.process.RunningService;
import io.viewkeeper.sandbox.launcher.process.ServiceKind;
import io.viewkeeper.sandbox.launcher.workbench.EventWatch.Event;
import io.viewkeeper.sandbox.server.Await;
import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.schema.event.Topics;
import io.viewkeeper.schema.event.ViewName;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** The staleness that a scrape shows is the database's, whatever became of the service and of the topic. */
@Tag("server")
@ResourceLock(Installation.SHARED)
class StalenessIT {
    private static final Duration TOLERANCE = Duration.ofSeconds(1);
    private static final int LOOKS = 25;
    private static final Pattern STALENESS =
            Pattern.compile("view_staleness_minutes\\{.*schema=\"analytics\",view=\"([a-z_]+)\",?} (\\S+)");

    private static final String TRUTH = """
            select s.view_name, s.data_as_of, pg_catalog.clock_timestamp() as now
            from viewkeeper.view_state s
            where s.view_schema = 'analytics' and s.dropped_at is null and s.data_as_of is not null
            """;

    private static Installation installation;

    @BeforeAll
    static void startEverything() throws Exception {
        installation = Installation.shared();
        int views = Installation.VIEWS.size();
        Await.until(
                "every view was refreshed, and the service has heard of it",
                () -> truth().size() == views && shown(metrics()).size() == views);
    }

    @Test
    void isTrueAtTheFirstScrapeAfterTheServiceWasKilledAndEverAfter() throws Exception {
        isTrueAtEveryLook(metrics());
        installation.service(ServiceKind.METRICS).process().kill();
        installation.startAgain(ServiceKind.METRICS);
        isTrueAtEveryLook(metrics());
    }

    @Test
    void isTrueAndOfTheSameViewsWhicheverReplicaIsAsked() throws Exception {
        try (var other = installation.another(ServiceKind.METRICS)) {
            other.awaitReady();
            Await.until(
                    () -> "the same series of views: %s and %s"
                            .formatted(seriesOfViews(scrape(other)), seriesOfViews(scrape(metrics()))),
                    () -> seriesOfViews(scrape(other)).equals(seriesOfViews(scrape(metrics()))));
            isTrueAtEveryLook(other);
        }
    }

    /** Name and labels of what is known of views. What a process counts, it counts from its start on. */
    private static Set<String> seriesOfViews(String scrape) {
        return scrape.lines()
                .filter(line -> line.startsWith("viewkeeper_view_") || line.startsWith("view_staleness_minutes{"))
                .map(line -> line.substring(0, line.lastIndexOf(' ')))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void isTrueWhateverTheTopicSaysAgainOutOfOrderOrNotAtAll() throws Exception {
        Await.until("a first event", () -> installation.watch().count() > 0);
        var replay = new ArrayList<>(installation.watch().events());
        Collections.shuffle(replay, new Random(5));
        double before = events();
        publish(replay);
        Await.until("the replay and the poison were read", () -> events() >= before + replay.size() + 1);
        isTrueAtEveryLook(metrics());
    }

    /**
     * A refresh that has just been committed is shown when its event arrives, and without an event with the next reading of the
     * database: so long a view may show what it was.
     */
    private static void isTrueAtEveryLook(RunningService service) throws InterruptedException {
        for (int i = 0; i < LOOKS; i++) {
            var behind = wrong(service);
            if (!behind.isEmpty()) {
                Await.until(
                        () -> "the truth after %s, after %s".formatted(behind, wrong(service)),
                        () -> wrong(service).keySet().stream().noneMatch(behind::containsKey));
            }
        }
    }

    /** What is neither what the database said before the scrape nor what it said after, for refreshes go on meanwhile. */
    private static Map<String, String> wrong(RunningService service) {
        long began = System.nanoTime();
        var before = truth();
        var shown = shown(service);
        var after = truth();
        var meanwhile = Duration.ofNanos(System.nanoTime() - began);
        assertThat(shown.keySet()).isEqualTo(before.keySet());
        var wrong = new HashMap<String, String>();
        shown.forEach((view, staleness) -> {
            var first = before.get(view);
            var last = after.get(view);
            if (!isBetween(staleness, first, first == null ? null : first.plus(meanwhile))
                    && !isBetween(staleness, last == null ? null : last.minus(meanwhile), last)) {
                wrong.put(view, "shown %s, true %s to %s".formatted(staleness, before.get(view), after.get(view)));
            }
        });
        return wrong;
    }

    private static boolean isBetween(Duration shown, @Nullable Duration least, @Nullable Duration most) {
        return least != null
                && most != null
                && shown.compareTo(least.minus(TOLERANCE)) >= 0
                && shown.compareTo(most.plus(TOLERANCE)) <= 0;
    }

    private static Map<String, Duration> truth() {
        try (var connection = installation.database().connect(Role.OWNER);
                var statement = connection.createStatement();
                var rows = statement.executeQuery(TRUTH)) {
            var ages = new HashMap<String, Duration>();
            while (rows.next()) {
                ages.put(
                        rows.getString("view_name"),
                        Duration.between(
                                rows.getTimestamp("data_as_of").toInstant(),
                                rows.getTimestamp("now").toInstant()));
            }
            return ages;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, Duration> shown(RunningService service) {
        var ages = new HashMap<String, Duration>();
        scrape(service)
                .lines()
                .map(STALENESS::matcher)
                .filter(matcher -> matcher.matches())
                .forEach(matcher -> ages.put(matcher.group(1), minutes(matcher.group(2))));
        return ages;
    }

    private static Duration minutes(String printed) {
        return printed.equals("+Inf")
                ? Duration.ofDays(10_000)
                : Duration.ofMillis(Math.round(Double.parseDouble(printed) * 60_000));
    }

    /** Records that metrics-service has read. */
    private static double events() {
        return scrape(metrics())
                .lines()
                .filter(line -> line.startsWith("viewkeeper_events_total{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private static RunningService metrics() {
        return installation.service(ServiceKind.METRICS);
    }

    private static String scrape(RunningService service) {
        return new String(Http.scrape(URI.create(service.managementUrl() + "/q/metrics")), StandardCharsets.UTF_8);
    }

    /** All of them again, one of a view that is not there, and one record that is no event. */
    private static void publish(List<Event> replay) {
        Map<String, Object> settings = Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, installation.kafka().bootstrapServers());
        var topic = Topics.refresh(Topics.DEFAULT_PREFIX);
        try (var producer = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            for (var event : replay) {
                var record = new ProducerRecord<>(topic, event.key(), event.value());
                event.headers()
                        .forEach((name, value) -> record.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
                var _ = producer.send(record);
            }
            var poison = new ProducerRecord<>(topic, new ViewName("analytics", "poison").toString(), "{no json");
            var _ = producer.send(poison);
            producer.flush();
        }
    }
}
