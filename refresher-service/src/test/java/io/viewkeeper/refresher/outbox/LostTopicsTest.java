// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.sqlclient.Pool;
import io.viewkeeper.refresher.Replica;
import io.viewkeeper.refresher.state.ViewStateAnnouncer;
import io.viewkeeper.sandbox.server.Await;
import io.viewkeeper.sandbox.server.KafkaServer;
import io.viewkeeper.sandbox.server.PostgresServer;
import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.sandbox.server.SandboxDatabase;
import io.viewkeeper.schema.database.Database;
import io.viewkeeper.schema.loop.Loop;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Topics that are deleted, as by a broker that has lost its data, while the publisher runs. */
@Tag("server")
class LostTopicsTest {
    private static final Duration POLL = Duration.ofMillis(100);

    private final SandboxDatabase where = PostgresServer.shared().migratedDatabase();
    private final KafkaServer kafka = KafkaServer.shared();
    private final String prefix = "lost-" + UUID.randomUUID();
    private final List<String> names = List.of(EventTopic.REFRESH.name(prefix), EventTopic.VIEW_STATE.name(prefix));
    private final Pool pool = Replica.pool(where, Role.REFRESHER);
    private final Database database = new Database(pool, Await.PATIENCE);
    private final KafkaProducer<String, String> producer = new KafkaProducer<>(
            Map.of(
                    "bootstrap.servers", kafka.bootstrapServers(),
                    "max.block.ms", 500,
                    "request.timeout.ms", 500,
                    "delivery.timeout.ms", 1_000),
            new StringSerializer(),
            new StringSerializer());
    private final List<OutboxLoop> loops = new ArrayList<>();

    @AfterEach
    void close() {
        loops.forEach(loop -> loop.stop(Duration.ofSeconds(5)));
        producer.close();
        var _ = pool.close();
    }

    @Test
    void areCreatedAgainAndTheStatesOfAllViewsComeAgain() throws Exception {
        OutboxLoop loop = publisher(true);
        changes("v1");
        changes("v2");
        Await.until("both are published", () -> published() == 4);
        assertThat(versions())
                .as("the first creation is no loss")
                .containsOnly(Map.entry("s.v1", 1), Map.entry("s.v2", 1));
        delete();
        changes("v2");
        loop.wake();
        Await.until("what waits is published, and v1 is told of again", () -> published() == 7 && pending() == 0);
        assertThat(versions()).isEqualTo(Map.of("s.v1", 2, "s.v2", 2));
        assertThat(keys(EventTopic.REFRESH)).as("what had been sent before").containsExactly("s.v2");
        Await.until("all is well", () -> loop.state().failure() == null);
    }

    @Test
    void areNamedWhereTheyMayNotBeCreatedAndFilledWhenSomebodyHas() throws Exception {
        kafka.createTopics(names.toArray(String[]::new));
        OutboxLoop loop = publisher(false);
        changes("v1");
        Await.until("published", () -> published() == 2);
        delete();
        changes("v2");
        Await.until(
                "the missing topics are named", () -> said(loop).contains("the topic " + names.get(0) + " is missing"));
        kafka.createTopics(names.toArray(String[]::new));
        Await.until(
                "all is published",
                () -> published() == 5 && pending() == 0 && loop.state().failure() == null);
        assertThat(versions()).isEqualTo(Map.of("s.v1", 2, "s.v2", 1));
    }

    private static String said(OutboxLoop loop) {
        return String.valueOf(loop.state().failure());
    }

    private OutboxLoop publisher(boolean create) {
        var topics = new EventTopics(Map.of("bootstrap.servers", kafka.bootstrapServers()), prefix, create);
        var loop = new OutboxLoop(
                database,
                new Loop("outbox", new Loop.Limits(Await.PATIENCE, Await.PATIENCE)),
                new OutboxPublisher(database, this::send, Await.PATIENCE),
                topics::ensure,
                () -> database.inTransaction(ViewStateAnnouncer::announceAgain),
                POLL);
        loops.add(loop);
        loop.start();
        return loop;
    }

    /** A refresh and the state after it. */
    private void changes(String view) throws SQLException {
        where.execute(Role.REFRESHER, """
            insert into viewkeeper.view_state (view_schema, view_name, view_oid, state_version)
            values ('s', '%1$s', 1, 1)
            on conflict (view_schema, view_name) do update set state_version = view_state.state_version + 1;
            insert into viewkeeper.event_outbox (id, aggregatetype, aggregateid, type, sequence, payload)
            values (gen_random_uuid(), 'refresh', 's.%1$s', 'some.type', 1, '{}');
            insert into viewkeeper.event_outbox (id, aggregatetype, aggregateid, type, sequence, payload)
            select gen_random_uuid(), 'view-state', 's.%1$s', 'some.type', state_version, '{}'
            from viewkeeper.view_state
            where view_name = '%1$s'
            """.formatted(view));
    }

    private void delete() throws InterruptedException, ExecutionException {
        try (var admin = Admin.create(Map.<String, Object>of("bootstrap.servers", kafka.bootstrapServers()))) {
            admin.deleteTopics(names).all().get();
            Await.until("the broker has forgotten them", () -> {
                try {
                    return admin.listTopics().names().get().stream().noneMatch(names::contains);
                } catch (InterruptedException | ExecutionException failure) {
                    throw new IllegalStateException(failure);
                }
            });
        }
    }

    private CompletableFuture<Void> send(PendingEvent event) {
        return Acknowledged.send(
                producer,
                new ProducerRecord<>(event.topic().name(prefix), event.view(), Long.toString(event.sequence())));
    }

    private long published() {
        return count("published_at is not null");
    }

    private long pending() {
        return count("published_at is null");
    }

    private long count(String which) {
        return database.queryOne("select count(*) from viewkeeper.event_outbox where " + which, row -> row.getLong(0));
    }

    /** The latest version of each view in the topic of states. */
    private Map<String, Integer> versions() {
        return records(EventTopic.VIEW_STATE);
    }

    private List<String> keys(EventTopic topic) {
        return List.copyOf(records(topic).keySet());
    }

    private Map<String, Integer> records(EventTopic topic) {
        var latest = new TreeMap<String, Integer>();
        try (var consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "auto.offset.reset", "earliest"),
                new StringDeserializer(),
                new StringDeserializer())) {
            var partitions = consumer.partitionsFor(topic.name(prefix)).stream()
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                    .toList();
            consumer.assign(partitions);
            var ends = consumer.endOffsets(partitions);
            Await.until("all is read", () -> {
                consumer.poll(POLL).forEach(record -> latest.put(record.key(), Integer.valueOf(record.value())));
                return ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
            });
        }
        return latest;
    }
}
