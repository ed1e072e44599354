// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.sqlclient.Pool;
import io.viewkeeper.refresher.Replica;
import io.viewkeeper.sandbox.server.Await;
import io.viewkeeper.sandbox.server.KafkaServer;
import io.viewkeeper.sandbox.server.PostgresServer;
import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.sandbox.server.SandboxDatabase;
import io.viewkeeper.schema.database.Database;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
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

@Tag("server")
class OutboxPublisherTest {
    private static final Duration DELIVERY = Await.PATIENCE;
    private static final Set<EventTopic> TOPICS = EnumSet.allOf(EventTopic.class);
    private static final int VIEWS = 5;
    private static final int EVENTS_EACH = 8;

    private final SandboxDatabase where = PostgresServer.shared().migratedDatabase();
    private final KafkaServer kafka = KafkaServer.shared();
    private final String topic = "outbox-" + UUID.randomUUID();
    private final Pool pool = Replica.pool(where, Role.REFRESHER);
    private final Database database = new Database(pool, Await.PATIENCE);
    private final KafkaProducer<String, String> producer = new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers(), "acks", "all"),
            new StringSerializer(),
            new StringSerializer());

    OutboxPublisherTest() throws SQLException {
        kafka.createTopics(topic);
        where.execute(Role.REFRESHER, """
            insert into viewkeeper.event_outbox (id, aggregatetype, aggregateid, type, sequence, payload)
            select gen_random_uuid(), 'refresh', 'sales.v' || v, 'some.type', n, '{}'
            from generate_series(1, %d) n
            cross join generate_series(1, %d) v
            order by n, v
            """.formatted(EVENTS_EACH, VIEWS));
    }

    @AfterEach
    void close() {
        producer.close();
        var _ = pool.close();
    }

    @Test
    void sendsEveryEventOnceAndEachViewsInOrder() {
        var round = new OutboxPublisher(database, this::send, DELIVERY).publish(TOPICS);
        assertThat(round.published()).isEqualTo(VIEWS * EVENTS_EACH);
        assertThat(round.failure()).isNull();
        assertOrderAtTheConsumer(read(VIEWS * EVENTS_EACH));
        assertThat(unpublished()).isZero();
    }

    @Test
    void sendsAgainWithTheSameIdWhenItDiedBetweenAcknowledgementAndMark() {
        // The broker has acknowledged, and then the publisher is gone: its transaction rolls back.
        Function<PendingEvent, CompletableFuture<?>> diesAfterwards = event -> {
            send(event).join();
            throw new IllegalStateException("killed");
        };
        var dying = new OutboxPublisher(database, diesAfterwards, DELIVERY);
        assertThatThrownBy(() -> dying.publish(TOPICS)).hasMessage("killed");
        assertThat(unpublished()).isEqualTo(VIEWS * EVENTS_EACH);
        new OutboxPublisher(database, this::send, DELIVERY).publish(TOPICS);
        var records = read(VIEWS * EVENTS_EACH + 1);
        assertThat(records.stream().map(OutboxPublisherTest::id).distinct()).hasSize(VIEWS * EVENTS_EACH);
        assertThat(id(records.get(0))).isEqualTo(id(records.get(1)));
    }

    @Test
    void afterAViewsFailureItsLaterEventsWaitAndOtherViewsGoOn() {
        Function<PendingEvent, CompletableFuture<?>> refusesOne =
                event -> event.view().equals("sales.v2") && event.sequence() == 3
                        ? CompletableFuture.failedFuture(new IllegalStateException("no"))
                        : send(event);
        var round = new OutboxPublisher(database, refusesOne, DELIVERY).publish(TOPICS);
        assertThat(round.failure()).contains("no");
        assertThat(round.published()).isEqualTo((VIEWS - 1) * EVENTS_EACH + 2);
        new OutboxPublisher(database, this::send, DELIVERY).publish(TOPICS);
        assertOrderAtTheConsumer(read(VIEWS * EVENTS_EACH));
    }

    @Test
    void aViewThatFailsHoldsBackNoOtherAndIsTriedAgainApart() {
        var kafkaIsBack = new AtomicBoolean();
        var publisher = new OutboxPublisher(
                database,
                event -> event.view().equals("sales.v2") && !kafkaIsBack.get()
                        ? CompletableFuture.failedFuture(new IllegalStateException("no"))
                        : send(event),
                DELIVERY);
        assertThat(publisher.publish(TOPICS).published()).isEqualTo((VIEWS - 1) * EVENTS_EACH);
        assertThat(publisher.publish(TOPICS)).isEqualTo(OutboxPublisher.Round.NOTHING);
        assertThat(publisher.retry(TOPICS).failure()).contains("no");
        kafkaIsBack.set(true);
        assertThat(publisher.retry(TOPICS).published()).isEqualTo(EVENTS_EACH);
        assertThat(publisher.failing()).isFalse();
        assertOrderAtTheConsumer(read(VIEWS * EVENTS_EACH));
    }

    @Test
    void aTopicThatIsClosedHoldsBackItsOwnEventsOnly() throws SQLException {
        where.execute(Role.REFRESHER, """
            insert into viewkeeper.event_outbox (id, aggregatetype, aggregateid, type, sequence, payload)
            values (gen_random_uuid(), 'view-state', 'sales.v1', 'some.type', 1, null)
            """);
        var publisher = new OutboxPublisher(database, this::send, DELIVERY);
        assertThat(publisher.publish(EnumSet.of(EventTopic.REFRESH)).published())
                .isEqualTo(VIEWS * EVENTS_EACH);
        assertThat(unpublished()).isEqualTo(1);
        assertThat(publisher.publish(TOPICS).published()).isEqualTo(1);
    }

    @Test
    void onlyOneReplicaPublishesAtATime() throws Exception {
        var sending = new CompletableFuture<Void>();
        var goOn = new CompletableFuture<Void>();
        var first = CompletableFuture.supplyAsync(() -> new OutboxPublisher(
                        database,
                        event -> {
                            sending.complete(null);
                            return goOn.thenCompose(_ -> send(event));
                        },
                        DELIVERY)
                .publish(TOPICS));
        sending.join();
        var second = new OutboxPublisher(database, this::send, DELIVERY).publish(TOPICS);
        assertThat(second).isEqualTo(OutboxPublisher.Round.ELSEWHERE);
        goOn.complete(null);
        assertThat(first.join().published()).isEqualTo(VIEWS * EVENTS_EACH);
        assertOrderAtTheConsumer(read(VIEWS * EVENTS_EACH));
    }

    private CompletableFuture<Void> send(PendingEvent event) {
        return Acknowledged.send(
                producer, new ProducerRecord<>(topic, event.view(), event.sequence() + " " + event.id()));
    }

    private static String id(ConsumerRecord<String, String> record) {
        return record.value().substring(record.value().indexOf(' ') + 1);
    }

    private List<ConsumerRecord<String, String>> read(int wanted) {
        var found = new ArrayList<ConsumerRecord<String, String>>();
        try (var consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "auto.offset.reset", "earliest"),
                new StringDeserializer(),
                new StringDeserializer())) {
            var partitions = consumer.partitionsFor(topic).stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .toList();
            consumer.assign(partitions);
            Await.until(() -> wanted + " records come; " + found.size() + " have", () -> {
                consumer.poll(Duration.ofMillis(100)).forEach(found::add);
                return found.size() >= wanted;
            });
            var ends = consumer.endOffsets(partitions).values().stream().mapToLong(Long::longValue);
            assertThat(ends.sum()).as("records in the topic").isEqualTo(wanted);
        }
        return found;
    }

    private static void assertOrderAtTheConsumer(List<ConsumerRecord<String, String>> records) {
        var last = new HashMap<String, Long>();
        for (var record : records) {
            long sequence =
                    Long.parseLong(record.value().substring(0, record.value().indexOf(' ')));
            assertThat(sequence).as(record.key()).isEqualTo(last.getOrDefault(record.key(), 0L) + 1);
            last.put(record.key(), sequence);
        }
    }

    private long unpublished() {
        return database.queryOne(
                "select count(*) as n from viewkeeper.event_outbox where published_at is null",
                row -> row.getLong("n"));
    }
}
