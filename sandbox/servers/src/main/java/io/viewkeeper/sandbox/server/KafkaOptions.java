// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.server;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * How a Kafka broker is started.
 *
 * @param directory where its files stay after {@link KafkaServer#close}; empty: a temporary directory, deleted then
 * @param port 0 for any free one
 * @param settings of the broker (as in {@code server.properties}), over the sandbox's own. With {@code ssl.keystore.location} its
 *     clients speak TLS, with {@code sasl.enabled.mechanisms} SASL, those of {@link KafkaServer} left out.
 */
public record KafkaOptions(Optional<Path> directory, int port, Map<String, String> settings) {

    public KafkaOptions {
        settings = Map.copyOf(settings);
    }

    /** A temporary broker on a free port. */
    public static KafkaOptions temporary() {
        return new KafkaOptions(Optional.empty(), 0, Map.of());
    }

    public KafkaOptions withDirectory(Path path) {
        return new KafkaOptions(Optional.of(path), port, settings);
    }

    public KafkaOptions withPort(int chosenPort) {
        return new KafkaOptions(directory, chosenPort, settings);
    }

    public KafkaOptions withSettings(Map<String, String> chosenSettings) {
        return new KafkaOptions(directory, port, chosenSettings);
    }
}
