// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer;

import io.viewkeeper.sandbox.server.Await;
import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.sandbox.server.SandboxDatabase;
import io.viewkeeper.schema.codec.EventWriter;
import io.viewkeeper.schema.event.EventHeaders;
import io.viewkeeper.schema.event.RefreshEvent;
import io.viewkeeper.schema.event.Topics;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.eclipse.microprofile.config.Config;

/** The database and the topic, as others see and change them. */
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

    /** A number that the optimizer's role can ask for. */
    long count(String sql) {
        try (var connection = database.connect(Role.OPTIMIZER);
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        } catch (SQLException refused) {
            throw new IllegalStateException(refused);
        }
    }

    void publish(RefreshEvent event) {
        publish(UUID.randomUUID(), event);
    }

    /** Publishes an event as the refresher does, and waits for the broker. */
    void publish(UUID id, RefreshEvent event) {
        publish(List.of(record(id, event)));
    }

    /** Publishes any record, and waits for the broker. */
    void publish(Map<String, String> headers, String key, byte[] value) {
        publish(List.of(record(headers, key, value)));
    }

    ProducerRecord<byte[], byte[]> record(UUID id, RefreshEvent event) {
        return record(
                Map.of(
                        EventHeaders.SPEC_VERSION, "1.0",
                        EventHeaders.ID, id.toString(),
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

    /** One after the other, as fast as the broker takes them. */
    void publish(List<ProducerRecord<byte[], byte[]>> records) {
        int patience = (int) Await.PATIENCE.toMillis();
        Map<String, Object> settings = Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers,
                ProducerConfig.MAX_BLOCK_MS_CONFIG, patience,
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, patience);
        try (var producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (var sent : records.stream().map(producer::send).toList()) {
                sent.get();
            }
        } catch (InterruptedException | ExecutionException failure) {
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
            consumer.subscribe(List.of(Topics.refreshDeadLetters(prefix, "optimizer")));
            Await.until(() -> count + " dead letters, not " + letters.size(), () -> {
                consumer.poll(Duration.ofMillis(200)).forEach(letters::add);
                return letters.size() >= count;
            });
        }
        return letters;
    }

    /** Until no look is to come, and none at work. */
    void awaitNoLook() {
        Await.until(
                "no look",
                () -> marks() == 0
                        && count("select count(*) from viewkeeper.analysis_turn where until > clock_timestamp()") == 0);
    }

    /** Views that were refreshed and not yet looked at. */
    long marks() {
        return count("select count(*) from viewkeeper.view_mark");
    }
}
