// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.viewkeeper.refresher.outbox.OutboxLoop;
import io.viewkeeper.sandbox.server.Await;
import io.viewkeeper.sandbox.server.KafkaServer;
import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.sandbox.server.SandboxDatabase;
import io.viewkeeper.schema.event.EventHeaders;
import io.viewkeeper.schema.event.Topics;
import jakarta.inject.Inject;
import java.net.URL;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

@Tag("server")
@Isolated
@QuarkusTest
@WithTestResource(ServersWithOwnKafka.class)
class KafkaOutageTest {
    /** Zero: as long as it takes to see that refreshes go on. Ten minutes are for a campaign, see CONTRIBUTING.md. */
    private static final Duration OUTAGE = Duration.parse(System.getProperty("viewkeeper.test.kafka-outage", "PT0S"));

    private static final int MANY = 3_000;

    @Nullable
    KafkaServer injectedKafka;

    @Inject
    OutboxLoop outbox;

    @Nullable
    SandboxDatabase injectedDatabase;

    @TestHTTPResource(value = "/health/ready", management = true)
    URL ready;

    @TestHTTPResource(value = "/health/live", management = true)
    URL live;

    @Test
    void refreshesGoOnWithoutKafkaAndEverythingArrivesAfterwards() throws Exception {
        KafkaServer kafka = requireNonNull(injectedKafka);
        SandboxDatabase database = requireNonNull(injectedDatabase);
        var outcomes = new Outcomes(database);
        if (outcomes.published() == 0) {
            // Nobody has started it yet.
            kafka.restart();
        }
        Await.until(
                "the outbox is empty before",
                () -> outbox.state().pending() == 0 && outbox.state().failure() == null && outcomes.published() > 0);
        kafka.stop();
        long began = System.nanoTime();
        try (var log = new LogLines()) {
            duringTheOutage(kafka, database, outcomes, began);
            Await.until("the outbox drains", () -> {
                var state = outbox.state();
                return state.failure() == null
                        && state.pending() == 0
                        && state.oldestAge().isZero();
            });
            assertThat(log.lines())
                    .as("an outage is a line when it begins, if another has not just ended, and one when it ends")
                    .filteredOn(line -> !line.matches("(INFO|WARN) view=.*"))
                    .hasSizeLessThanOrEqualTo(6)
                    .allMatch(line -> line.matches("WARN outbox=degraded .*reason=.*|INFO outbox=recovered .*"));
        }
        long last = outcomes.sequence();
        assertThat(sequencesAtAConsumer(kafka, last))
                .as("each once or again, none left out, none before its predecessor")
                .isEqualTo(LongStream.rangeClosed(1, last).boxed().toList());
    }

    private void duringTheOutage(KafkaServer kafka, SandboxDatabase database, Outcomes outcomes, long began)
            throws Exception {
        try {
            Await.until("the outage is noticed", () -> outbox.state().failure() != null);
            long atOutage = outcomes.sequence();
            Await.until("refreshes go on", () -> outcomes.sequence() > atOutage + 2);
            // Without PostgreSQL it is not ready: it is this server's pauses that are waited for.
            Await.until("ready, and says that events are kept back", () -> {
                var readiness = RestAssured.get(ready);
                return readiness.statusCode() == 200
                        && readiness.path("checks.find { it.name == 'events' }.data.degraded") != null;
            });
            RestAssured.get(live).then().statusCode(200);
            while (System.nanoTime() - began < OUTAGE.toNanos()) {
                Thread.sleep(Duration.ofSeconds(1));
            }
            Await.until("events are kept, and grow old", () -> {
                var state = outbox.state();
                return state.pending() > 0 && state.oldestAge().isPositive();
            });
            insertEvents(database, MANY);
            Await.until("however many there are", () -> outbox.state().pending() > MANY);
        } finally {
            kafka.restart();
        }
    }

    /** Of views that are long gone: tombstones. More than a round of the publisher takes. */
    private static void insertEvents(SandboxDatabase database, int count) throws SQLException {
        database.execute(
                Role.OWNER,
                "insert into viewkeeper.event_outbox (id, aggregatetype, aggregateid, type, sequence) select gen_random_uuid(),"
                        + " 'view-state', 'gone.v' || i % 100, 'io.viewkeeper.view-state.v1', i from generate_series(1, "
                        + count
                        + ") i");
    }

    /** Of one view, each where it is seen for the first time, until this one has come. */
    private static List<Long> sequencesAtAConsumer(KafkaServer kafka, long last) {
        var seen = new ArrayList<Long>();
        try (var consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers", kafka.bootstrapServers(),
                        "group.id", "after-the-outage",
                        "auto.offset.reset", "earliest"),
                new StringDeserializer(),
                new StringDeserializer())) {
            consumer.subscribe(List.of(Topics.refresh(Topics.DEFAULT_PREFIX)));
            Await.until("event " + last + " arrives", () -> {
                for (var record : consumer.poll(Duration.ofMillis(100))) {
                    long sequence = Long.parseLong(new String(
                            record.headers().lastHeader(EventHeaders.SEQUENCE).value(), UTF_8));
                    if (record.key().endsWith("/sales.good") && sequence <= last && !seen.contains(sequence)) {
                        seen.add(sequence);
                    }
                }
                return seen.contains(last);
            });
        }
        return seen;
    }
}
