// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viewkeeper.refresher.outbox.Acknowledged;
import io.viewkeeper.refresher.outbox.EventTopic;
import io.viewkeeper.refresher.outbox.OutboxPublisher;
import io.viewkeeper.refresher.outbox.PendingEvent;
import io.viewkeeper.sandbox.server.Await;
import io.viewkeeper.sandbox.server.KafkaServer;
import io.viewkeeper.sandbox.server.PostgresServer;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A publisher ends, or loses PostgreSQL, after Kafka has acknowledged and before that is marked. */
@Tag("server")
class PublisherDeathTest {
    private static final Duration DELIVERY = Await.PATIENCE;
    private static final Set<EventTopic> REFRESHES = Set.of(EventTopic.REFRESH);
    private static final int ROUNDS = 8;

    private static final String CUT_OFF = """
        select pg_terminate_backend(pid)
        from pg_stat_activity
        where datname = current_database()
          and state = 'idle in transaction'
          and query like '/* viewkeeper:outbox */%'
        """;

    private final Scene scene = new Scene(PostgresServer.shared().migratedDatabase());
    private final KafkaServer kafka = KafkaServer.shared();
    private final String topic = "deaths-" + UUID.randomUUID();
    private final KafkaProducer<String, String> producer = new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers(), "acks", "all"),
            new StringSerializer(),
            new StringSerializer());

    @AfterEach
    void close() {
        producer.close();
        scene.close();
    }

    @Test
    void everyRunHasItsEventWithOneIdAndEachViewsComeInOrder() throws SQLException {
        kafka.createTopics(topic);
        var random = new Random(7);
        for (int death = 0; death < ROUNDS; death++) {
            scene.later();
            scene.change();
            scene.turns();
            scene.outcomes();
            dieAfter(1 + random.nextInt(6), death % 2 == 0);
        }
        scene.settleAndCheck();
        var last = publisher(this::send);
        OutboxPublisher.Round round;
        do {
            round = last.publish(REFRESHES);
            assertThat(round.failure()).isNull();
        } while (round.more());
        var records = read();
        var runs = scene.workshop().strings("select run_id from analytics.view_refresh_log");
        assertThat(records).as("some were sent again").hasSizeGreaterThan(runs.size() + ROUNDS);
        assertThat(records.stream().map(PublisherDeathTest::idAndRun).distinct())
                .containsExactlyInAnyOrderElementsOf(scene.workshop()
                        .strings("select id || ' ' || (payload ->> 'runId') from viewkeeper.event_outbox"
                                + " where aggregatetype = 'refresh'"))
                .hasSameSizeAs(runs);
        assertOrder(records);
    }

    private void dieAfter(int acknowledgements, boolean wholeProcess) {
        var left = new AtomicInteger(acknowledgements);
        var dying = publisher(event -> {
            var sent = send(event);
            if (left.decrementAndGet() == 0) {
                sent.join();
                if (wholeProcess) {
                    throw new IllegalStateException("killed");
                }
                assertThat(scene.workshop().strings(CUT_OFF)).containsExactly("t");
            }
            return sent;
        });
        assertThatThrownBy(() -> dying.publish(REFRESHES)).hasMessageContaining(wholeProcess ? "killed" : "SQLSTATE");
    }

    private OutboxPublisher publisher(Function<PendingEvent, CompletableFuture<?>> sender) {
        return new OutboxPublisher(scene.database(), sender, DELIVERY);
    }

    private CompletableFuture<Void> send(PendingEvent event) {
        return Acknowledged.send(
                producer,
                new ProducerRecord<>(topic, event.view(), event.sequence() + " " + event.id() + " " + event.payload()));
    }

    private static String idAndRun(ConsumerRecord<String, String> record) {
        var id = record.value().split(" ", 3)[1];
        return id + record.value().replaceFirst("(?s).*?\"runId\"\\s*:\\s*\"([^\"]*)\".*", " $1");
    }

    /** Seen for the first time, a sequence is the one after the last; whatever comes again says nothing new. */
    private static void assertOrder(List<ConsumerRecord<String, String>> records) {
        var last = new HashMap<String, Long>();
        for (var record : records) {
            long sequence = Long.parseLong(record.value().split(" ", 2)[0]);
            long before = last.getOrDefault(record.key(), 0L);
            assertThat(sequence).as(record.key()).isBetween(1L, before + 1);
            last.put(record.key(), Math.max(before, sequence));
        }
    }

    private List<ConsumerRecord<String, String>> read() {
        try (var consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "auto.offset.reset", "earliest"),
                new StringDeserializer(),
                new StringDeserializer())) {
            var partitions = consumer.partitionsFor(topic).stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .toList();
            consumer.assign(partitions);
            var found = new ArrayList<ConsumerRecord<String, String>>();
            long all = consumer.endOffsets(partitions).values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
            Await.until(() -> all + " records come; " + found.size() + " have", () -> {
                consumer.poll(Duration.ofMillis(100)).forEach(found::add);
                return found.size() >= all;
            });
            assertThat(found).hasSize((int) all);
            return found;
        }
    }
}
