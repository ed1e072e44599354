// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics;

import io.viewkeeper.sandbox.server.Await;
import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.sandbox.server.SandboxDatabase;
import io.viewkeeper.schema.codec.EventWriter;
import io.viewkeeper.schema.event.EventHeaders;
import io.viewkeeper.schema.event.RefreshEvent;
import io.viewkeeper.schema.event.Topics;
import io.viewkeeper.schema.event.ViewName;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.eclipse.microprofile.config.Config;

/** What the refresher does to the world: rows in its tables, records on its topic. */
record World(SandboxDatabase database, String bootstrapServers, String prefix) {

    static World of(Config config) {
        var database = new SandboxDatabase(
                config.getValue("test.database.host", String.class),
                config.getValue("test.database.port", Integer.class),
                config.getValue("test.database.name", String.class),
                config.getValue("quarkus.datasource.password", String.class));
        return new World(
                database,
                config.getValue("kafka.bootstrap.servers", String.class),
                config.getValue("viewkeeper.topic-prefix", String.class));
    }

    /** A view that exists and was never refreshed. */
    void discovered(ViewName view) {
        execute(
                "insert into viewkeeper.view_state (view_schema, view_name, view_oid, view_group) values (?, ?, 16400, 'realtime')",
                view.schema(),
                view.name());
    }

    /** How old its data may be; without this, eleven minutes from its first refresh on, which is too long for the KPI. */
    void targeted(ViewName view, Duration target) {
        execute(
                "update viewkeeper.view_state set freshness_target_ms = ? where view_schema = ? and view_name = ?",
                target.toMillis(),
                view.schema(),
                view.name());
    }

    /** A good refresh, as the refresher's transaction leaves it: no event yet. */
    void refreshed(ViewName view, long sequence, Instant finishedAt, Instant dataAsOf) {
        execute(
                """
                insert into analytics.view_refresh_log (
                  run_id, view_schema, view_name, view_oid, view_group, trigger, method, status, scheduled_at, started_at,
                  data_as_of, refresh_time, duration_ms, lock_wait_ms, size_bytes, attempt, sequence, instance)
                values (?, ?, ?, 16400, 'realtime', 'schedule', 'concurrent', 'completed', ?, ?, ?, ?, 150, 0, 8192, 1, ?, 'r-0')
                """,
                UUID.randomUUID(),
                view.schema(),
                view.name(),
                finishedAt,
                finishedAt,
                dataAsOf,
                finishedAt,
                sequence);
        execute("""
                update viewkeeper.view_state
                set event_sequence = ?, data_as_of = ?, last_status = 'completed', last_method = 'concurrent',
                  last_finished_at = ?, last_duration_ms = 150, size_bytes = 8192, next_due_at = ?,
                  freshness_target_ms = coalesce(freshness_target_ms, 660000)
                where view_schema = ? and view_name = ?
                """, sequence, dataAsOf, finishedAt, finishedAt.plusSeconds(300), view.schema(), view.name());
    }

    void dropped(ViewName view) {
        execute(
                "update viewkeeper.view_state set dropped_at = now() where view_schema = ? and view_name = ?",
                view.schema(),
                view.name());
    }

    /** Nobody can connect, and who was connected is thrown out. */
    void databaseOut() {
        asAdministrator("alter database \"" + database.name() + "\" allow_connections false");
        asAdministrator("select pg_catalog.pg_terminate_backend(pid) from pg_catalog.pg_stat_activity where datname = '"
                + database.name() + "'");
    }

    void databaseBack() {
        asAdministrator("alter database \"" + database.name() + "\" allow_connections true");
    }

    private void asAdministrator(String sql) {
        var maintenance = new SandboxDatabase(database.host(), database.port(), "postgres", database.password());
        try {
            maintenance.execute(Role.SUPERUSER, sql);
        } catch (SQLException refused) {
            throw new IllegalStateException(refused);
        }
    }

    private void execute(String sql, Object... parameters) {
        try (var connection = database.connect(Role.REFRESHER);
                var statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                Object value = parameters[i];
                statement.setObject(i + 1, value instanceof Instant instant ? Timestamp.from(instant) : value);
            }
            statement.executeUpdate();
        } catch (SQLException refused) {
            throw new IllegalStateException(refused);
        }
    }

    /** Publishes an event as the refresher does, and waits for the broker. */
    void publish(RefreshEvent event) {
        publish(List.of(event));
    }

    /** Publishes events without a pause between them, and waits for the broker. */
    void publish(List<RefreshEvent> events) {
        send(events.stream().map(this::record).toList());
    }

    /** Publishes any record, and waits for the broker. */
    void publish(Map<String, String> headers, String key, byte[] value) {
        send(List.of(record(headers, key, value)));
    }

    private ProducerRecord<byte[], byte[]> record(RefreshEvent event) {
        return record(
                Map.of(
                        EventHeaders.SPEC_VERSION, "1.0",
                        EventHeaders.ID, UUID.randomUUID().toString(),
                        EventHeaders.TYPE, event.type(),
                        EventHeaders.SEQUENCE, Long.toString(event.run().sequence())),
                event.run().view().toString(),
                EventWriter.json(event).getBytes(StandardCharsets.UTF_8));
    }

    private ProducerRecord<byte[], byte[]> record(Map<String, String> headers, String key, byte[] value) {
        var record = new ProducerRecord<>(Topics.refresh(prefix), key.getBytes(StandardCharsets.UTF_8), value);
        headers.forEach((name, text) -> record.headers().add(name, text.getBytes(StandardCharsets.UTF_8)));
        return record;
    }

    private void send(List<ProducerRecord<byte[], byte[]>> records) {
        int patience = (int) Await.PATIENCE.toMillis();
        Map<String, Object> settings = Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ProducerConfig.MAX_BLOCK_MS_CONFIG,
                patience,
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                patience);
        try (var producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (var sent : records.stream().map(producer::send).toList()) {
                sent.get(2L * patience, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException | ExecutionException | TimeoutException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** How many records of the refresh topic a consumer group of ours has done with. */
    long committed(String group) {
        try (var admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers))) {
            return admin
                    .listConsumerGroupOffsets(prefix + "-" + group)
                    .partitionsToOffsetAndMetadata()
                    .get(Await.PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                    .values()
                    .stream()
                    .filter(Objects::nonNull)
                    .mapToLong(OffsetAndMetadata::offset)
                    .sum();
        } catch (InterruptedException | ExecutionException | TimeoutException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** The first records of the dead-letter topic, as many as asked for. */
    List<ConsumerRecord<byte[], byte[]>> deadLetters(int count) {
        Map<String, Object> settings = Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ConsumerConfig.GROUP_ID_CONFIG,
                "test-" + UUID.randomUUID(),
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest");
        var letters = new ArrayList<ConsumerRecord<byte[], byte[]>>();
        try (var consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(Topics.refreshDeadLetters(prefix, "metrics")));
            Await.until("dead letters", () -> {
                consumer.poll(Duration.ofMillis(200)).forEach(letters::add);
                return letters.size() >= count;
            });
        }
        return letters;
    }
}
