// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.server;

import java.util.Locale;
import org.testcontainers.kafka.KafkaContainer;

/** A broker in a container. Its data end with the container: a chosen directory is not used. */
final class KafkaInContainer implements KafkaBroker {

    private static final String IMAGE = "apache/kafka:4.1.1";
    private static final int CONTAINER_PORT = 9092;

    private final ServerContainer container;
    private final String bootstrapServers;

    private KafkaInContainer(KafkaContainer kafka, int port) {
        this.container = new ServerContainer(kafka, port, CONTAINER_PORT);
        this.bootstrapServers = kafka.getBootstrapServers();
    }

    static KafkaInContainer start(KafkaOptions options) {
        var kafka = new KafkaContainer(IMAGE);
        EmbeddedKafkaBroker.commonSettings(options)
                .forEach((name, value) -> kafka.withEnv(environmentName(name), value));
        return new KafkaInContainer(kafka, options.port() == 0 ? FreePort.choose() : options.port());
    }

    /** The image reads a setting {@code a.b} from the variable {@code KAFKA_A_B}. */
    private static String environmentName(String setting) {
        return "KAFKA_" + setting.toUpperCase(Locale.ROOT).replace('.', '_');
    }

    /** Clients wait for the broker by themselves; {@link KafkaServer#createTopics} is the way to await it. */
    @Override
    public void start() {
        container.start();
    }

    @Override
    public void stop() {
        container.stop();
    }

    @Override
    public void kill() {
        container.kill();
    }

    @Override
    public String bootstrapServers() {
        return bootstrapServers;
    }

    @Override
    public void close() {
        container.close();
    }
}
