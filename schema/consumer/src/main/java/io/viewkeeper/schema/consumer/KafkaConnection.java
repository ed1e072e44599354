// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.consumer;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import io.viewkeeper.schema.event.Topics;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** Whether the service's consumer of refreshes has a broker, and the topic. */
@Singleton
public class KafkaConnection {
    private static final Logger LOG = Logger.getLogger(KafkaConnection.class);
    private static final String CHANNEL = "refreshes";

    /** Of the thread that reads: it looks only while there is a connection. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final KafkaClientService clients;
    private final String topic;
    private final BrokerConnection connection;

    KafkaConnection(KafkaClientService clients, @ConfigProperty(name = "viewkeeper.topic-prefix") String prefix) {
        this.clients = clients;
        topic = Topics.refresh(prefix);
        connection = new BrokerConnection(() -> {
            var consumer = clients.getConsumer(CHANNEL);
            return consumer == null ? Map.of() : consumer.unwrap().metrics();
        });
    }

    void start(@Observes StartupEvent start, MeterRegistry meters) {
        connection.register(meters);
    }

    @Scheduled(every = "5s", delayed = "5s")
    void look() {
        lookForTopic();
        connection.tellChange();
    }

    private void lookForTopic() {
        var consumer = clients.getConsumer(CHANNEL);
        if (consumer == null || !connection.isConnected()) {
            return;
        }
        var _ = consumer.runOnPollingThread(reading -> {
                    return !reading.partitionsFor(topic, PATIENCE).isEmpty();
                })
                .subscribe()
                .with(
                        isThere -> connection.topicSeen(topic, isThere),
                        unanswered -> LOG.debugf("topic=%s cannot be looked for: %s", topic, unanswered));
    }

    /** For a check of readiness, which it never decides: {@code ok}, or {@code degraded} and why. */
    public String state() {
        return connection.state();
    }
}
