// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.viewkeeper.sandbox.launcher.consumer.SampleConsumers.Held;
import io.viewkeeper.sandbox.launcher.installation.Installation;
import io.viewkeeper.sandbox.server.KafkaServer;
import io.viewkeeper.schema.event.EventHeaders;
import io.viewkeeper.schema.event.Topics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The consumers in docs/consumers read an hour of events. In the middle they are killed, and the last of their commits is taken back. */
@Tag("server")
class ConsumersTest {
    private static final String PREFIX = SimulatedEvents.PREFIX;
    private static final CapturedHour HOUR = CapturedHour.of(20_261_122);

    @TempDir
    private static Path folder;

    private static SampleConsumers consumers;

    @BeforeAll
    static void readTheHour() throws Exception {
        var kafka = KafkaServer.shared();
        kafka.createTopics(List.of(
                new NewTopic(Topics.refresh(PREFIX), 6, (short) 1),
                new NewTopic(Topics.viewState(PREFIX), 6, (short) 1)));
        consumers = new SampleConsumers(kafka, PREFIX, folder);
        var records = HOUR.records();
        int middle = records.size() / 2;
        produce(records.subList(0, middle));
        consumers.start();
        consumers.awaitAllRead();
        consumers.killAndStartAgain();
        produce(records.subList(middle, records.size()));
        consumers.awaitAllRead();
    }

    private static void produce(List<ProducerRecord<byte[], byte[]>> records) throws Exception {
        Map<String, Object> settings =
                Map.of("bootstrap.servers", KafkaServer.shared().bootstrapServers());
        try (var producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (var acknowledged : records.stream().map(producer::send).toList()) {
                acknowledged.get();
            }
        }
    }

    @AfterAll
    static void stop() {
        if (consumers != null) {
            consumers.close();
        }
    }

    @Test
    void eachEndsWithTheCacheThatARecomputationGives() {
        assertThat(consumers.names())
                .allSatisfy(name -> assertThat(consumers.cacheOf(name))
                        .as(name)
                        .containsExactlyInAnyOrderEntriesOf(HOUR.recomputed()));
    }

    @Test
    void noResultPassesForGoodThatAQueryWouldNotGiveNow() {
        assertThat(consumers.names())
                .allSatisfy(name -> assertThat(HOUR.wrongUnder(consumers.cacheOf(name)))
                        .as(name)
                        .isEmpty());
    }

    /** That the hour is no easy one. */
    @Test
    void whoLooksAtChangedAloneServesWhatIsWrong() {
        var naive = new TreeMap<String, Held>();
        for (var sent : HOUR.records()) {
            if (sent.value() != null && new String(sent.value(), StandardCharsets.UTF_8).contains("\"changed\":true")) {
                naive.put(
                        header(sent, EventHeaders.SOURCE) + " " + new String(sent.key(), StandardCharsets.UTF_8),
                        new Held(header(sent, EventHeaders.ID), null));
            }
        }
        assertThat(HOUR.wrongUnder(naive))
                .extracting(view -> view.name())
                .contains("changed_by_hand", "dropped", "lost_before_a_failure", "poisoned", "recreated_and_failed");
    }

    @Test
    void theJavaConsumerNamesTheLibrariesThatItIsTestedWith() throws IOException {
        assertThat(Files.readAllLines(Installation.root().resolve("docs/consumers/ReportCache.java")))
                .filteredOn(line -> line.startsWith("//DEPS "))
                .extracting(line -> line.replaceFirst("^[^:]+:([^:]+):(.+)$", "$1-$2.jar"))
                .containsExactlyInAnyOrder(jarOf(KafkaProducer.class), jarOf(ObjectMapper.class));
    }

    private static String jarOf(Class<?> library) {
        var location =
                library.getProtectionDomain().getCodeSource().getLocation().getPath();
        return location.substring(location.lastIndexOf('/') + 1);
    }

    private static String header(ProducerRecord<byte[], byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }
}
