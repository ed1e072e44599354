// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.consumer;

import io.smallrye.common.annotation.Identifier;
import io.viewkeeper.schema.log.Reason;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Creates the topic of this service's dead letters when one is due, where it is missing and the broker lets
 * us: without it a poison record would wait for ever. One that exists, however configured, is left alone.
 */
@Singleton
class DeadLetterTopic {
    private static final Logger LOG = Logger.getLogger(DeadLetterTopic.class);
    private static final int PARTITIONS = 1;
    private static final Duration RETENTION = Duration.ofDays(14);
    private static final int PATIENCE_MILLIS = 10_000;

    /** After this it may have been deleted. */
    private static final Duration KNOWN_FOR = Duration.ofSeconds(10);

    private final Map<String, Object> kafka;
    private final String topic;
    private final Duration knownFor;
    private volatile @Nullable Long knownSince;

    @Inject
    DeadLetterTopic(
            @Identifier("default-kafka-broker") Map<String, Object> kafka,
            @ConfigProperty(name = "mp.messaging.connector.smallrye-kafka.dead-letter-queue.topic") String topic) {
        this(kafka, topic, KNOWN_FOR);
    }

    DeadLetterTopic(Map<String, Object> kafka, String topic, Duration knownFor) {
        this.knownFor = knownFor;
        this.kafka = Map.copyOf(kafka);
        this.topic = topic;
    }

    /** Returns in any case: what cannot be created here, somebody else may create, and the send waits for it. */
    void ensure() throws InterruptedException {
        Long since = knownSince;
        if (since != null && System.nanoTime() - since < knownFor.toNanos()) {
            return;
        }
        var settings = new HashMap<>(kafka);
        settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, PATIENCE_MILLIS);
        settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, PATIENCE_MILLIS / 2);
        var wanted = new NewTopic(topic, Optional.of(PARTITIONS), Optional.empty())
                .configs(Map.of(TopicConfig.RETENTION_MS_CONFIG, Long.toString(RETENTION.toMillis())));
        try (var admin = Admin.create(settings)) {
            admin.createTopics(List.of(wanted)).all().get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
            knownSince = System.nanoTime();
            LOG.infof("action=create-topic topic=%s outcome=created", topic);
        } catch (ExecutionException refused) {
            if (refused.getCause() instanceof TopicExistsException) {
                knownSince = System.nanoTime();
                return;
            }
            LOG.warnf(
                    "action=create-topic topic=%s outcome=failed reason=\"%s\"", topic, Reason.of(refused.getCause()));
        } catch (KafkaException | TimeoutException unreachable) {
            LOG.warnf(
                    "action=create-topic topic=%s outcome=failed reason=\"%s\"",
                    topic, Reason.ofInnermost(unreachable));
        }
    }
}
