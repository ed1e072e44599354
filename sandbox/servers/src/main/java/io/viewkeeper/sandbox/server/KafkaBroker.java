// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.server;

/** Where the broker of {@link KafkaServer} runs. */
sealed interface KafkaBroker extends AutoCloseable permits EmbeddedKafkaBroker, KafkaInContainer, SharedKafkaBroker {

    void start();

    void stop();

    void kill();

    String bootstrapServers();

    @Override
    void close();
}
