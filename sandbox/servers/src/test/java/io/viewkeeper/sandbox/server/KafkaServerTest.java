// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("server")
@Tag("release")
class KafkaServerTest {

    @Test
    void comesBackOnTheSameAddressWithItsRecordsAfterARestartAndAfterAKill() throws Exception {
        try (var server = KafkaServer.start(KafkaOptions.temporary())) {
            var address = server.bootstrapServers();
            server.createTopics("kept");

            send(server, "kept", "before the restart");
            server.restart();
            assertThat(server.bootstrapServers()).isEqualTo(address);
            assertThat(read(server, "kept", 1)).containsExactly("before the restart");

            send(server, "kept", "before the kill");
            server.kill();
            server.restart();
            assertThat(server.bootstrapServers()).isEqualTo(address);
            assertThat(read(server, "kept", 2)).containsExactly("before the restart", "before the kill");
        }
    }

    @Test
    void aChosenDirectoryServesTheNextBrokerToo(@TempDir Path directory) throws Exception {
        var options = KafkaOptions.temporary().withDirectory(directory);
        try (var server = KafkaServer.start(options)) {
            server.createTopics("kept");
            send(server, "kept", "from the first broker");
        }
        try (var server = KafkaServer.start(options)) {
            assertThat(read(server, "kept", 1)).containsExactly("from the first broker");
        }
        assertThat(directory.resolve("server.log")).isNotEmptyFile();
    }

    @Test
    void topicsAreCreatedOnlyWhenAskedForAndAskingTwiceDoesNoHarm() throws Exception {
        var server = KafkaServer.shared();

        server.createTopics("asked.for");
        server.createTopics("asked.for");

        send(server, "asked.for", "a");
        assertThatThrownBy(() -> send(server, "not.asked.for", "a", Duration.ofSeconds(5)))
                .hasMessageContaining("not.asked.for");
    }

    @Test
    void aPortThatIsTakenIsSaidInTheFailure() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var options = KafkaOptions.temporary().withPort(taken.getLocalPort());

            assertThatThrownBy(() -> KafkaServer.start(options).close())
                    .isInstanceOf(SandboxServerException.class)
                    .hasMessageContaining("Could not start Kafka on port " + taken.getLocalPort())
                    .hasMessageContaining("Address already in use");
        }
    }

    @Test
    void theSharedBrokerRefusesToBeStopped() {
        var server = KafkaServer.shared();

        assertThatThrownBy(server::stop).hasMessageContaining("start one of your own");
        assertThatThrownBy(server::close).hasMessageContaining("start one of your own");
    }

    private static void send(KafkaServer server, String topic, String value) throws Exception {
        send(server, topic, value, Await.PATIENCE);
    }

    /** @param patience with a topic that is missing */
    private static void send(KafkaServer server, String topic, String value, Duration patience) throws Exception {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers", server.bootstrapServers(), "acks", "all", "max.block.ms", patience.toMillis());
        try (var producer = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>(topic, value)).get(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
    }

    private static List<String> read(KafkaServer server, String topic, int count) {
        Map<String, Object> settings = Map.of("bootstrap.servers", server.bootstrapServers());
        var values = new ArrayList<String>();
        try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            var partition = new TopicPartition(topic, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = System.nanoTime() + Await.PATIENCE.toNanos();
            while (values.size() < count && System.nanoTime() < end) {
                consumer.poll(Duration.ofMillis(200)).forEach(consumed -> values.add(consumed.value()));
            }
        }
        return values;
    }
}
