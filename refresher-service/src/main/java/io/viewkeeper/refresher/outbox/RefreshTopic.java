package io.viewkeeper.refresher.outbox;

import io.smallrye.common.annotation.Identifier;
import io.viewkeeper.schema.event.Topics;
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
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** Creates the topic of refresh events where it is missing; one that exists, however configured, is left alone. */
@Singleton
public class RefreshTopic {
    private static final Logger LOG = Logger.getLogger(RefreshTopic.class);
    private static final int PARTITIONS = 6;
    private static final Duration RETENTION = Duration.ofDays(7);
    private static final int PATIENCE_MILLIS = 10_000;

    private final Map<String, Object> kafka;
    private final String topic;
    private final boolean create;

    RefreshTopic(
            @Identifier("default-kafka-broker") Map<String, Object> kafka,
            @ConfigProperty(name = "viewkeeper.topic-prefix") String prefix,
            @ConfigProperty(name = "viewkeeper.outbox.create-topic") boolean create) {
        this.kafka = Map.copyOf(kafka);
        this.topic = Topics.refresh(prefix);
        this.create = create;
    }

    /** Nothing when the topic is there (or its creation is somebody else's), else why it is not known to be. */
    public Optional<String> ensure() {
        if (!create) {
            return Optional.empty();
        }
        var settings = new HashMap<>(kafka);
        settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, PATIENCE_MILLIS);
        settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, PATIENCE_MILLIS / 2);
        var wanted = new NewTopic(topic, Optional.of(PARTITIONS), Optional.empty())
                .configs(Map.of(TopicConfig.RETENTION_MS_CONFIG, Long.toString(RETENTION.toMillis())));
        try (var admin = Admin.create(settings)) {
            // Asked first: who may only write to a topic that exists would be refused its creation.
            if (!exists(admin)) {
                admin.createTopics(List.of(wanted)).all().get(2L * PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
                LOG.infof("topic=%s state=created partitions=%d retention=%s", topic, PARTITIONS, RETENTION);
            }
            return Optional.empty();
        } catch (ExecutionException refused) {
            return refused.getCause() instanceof TopicExistsException
                    ? Optional.empty()
                    : Optional.of("cannot create topic " + topic + ": " + refused.getCause());
        } catch (KafkaException | TimeoutException unreachable) {
            return Optional.of("cannot reach Kafka: " + unreachable);
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            return Optional.of("interrupted");
        }
    }

    private boolean exists(Admin admin) throws ExecutionException, InterruptedException, TimeoutException {
        try {
            admin.describeTopics(List.of(topic)).allTopicNames().get(2L * PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
            return true;
        } catch (ExecutionException unknown) {
            if (unknown.getCause() instanceof UnknownTopicOrPartitionException) {
                return false;
            }
            throw unknown;
        }
    }
}
