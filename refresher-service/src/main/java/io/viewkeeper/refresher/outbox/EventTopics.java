package io.viewkeeper.refresher.outbox;

import io.smallrye.common.annotation.Identifier;
import io.viewkeeper.schema.log.Reason;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Creates the topics where they are missing; one that exists, however configured, is left alone. A topic that is missing
 * keeps back its own events only: a send to it would block the producer for all.
 */
@Singleton
public class EventTopics {
    private static final Logger LOG = Logger.getLogger(EventTopics.class);
    private static final int PARTITIONS = 6;
    private static final Duration RETENTION = Duration.ofDays(7);
    private static final int PATIENCE_MILLIS = 10_000;

    private final Map<String, Object> kafka;
    private final String prefix;
    private final boolean create;
    private final Set<EventTopic> found = EnumSet.noneOf(EventTopic.class);

    EventTopics(
            @Identifier("default-kafka-broker") Map<String, Object> kafka,
            @ConfigProperty(name = "viewkeeper.topic-prefix") String prefix,
            @ConfigProperty(name = "viewkeeper.outbox.create-topic") boolean create) {
        this.kafka = Map.copyOf(kafka);
        this.prefix = prefix;
        this.create = create;
    }

    /** Looks for, or creates, what is not known to be there yet. Not thread-safe. */
    public OpenTopics ensure() {
        var settings = new HashMap<>(kafka);
        settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, PATIENCE_MILLIS);
        settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, PATIENCE_MILLIS / 2);
        Optional<String> obstacle = Optional.empty();
        try (var admin = Admin.create(settings)) {
            for (EventTopic topic : EnumSet.complementOf(EnumSet.copyOf(found))) {
                Optional<String> itsObstacle = ensure(admin, topic);
                if (itsObstacle.isEmpty()) {
                    found.add(topic);
                }
                obstacle = obstacle.or(() -> itsObstacle);
            }
        } catch (KafkaException | TimeoutException unreachable) {
            obstacle = Optional.of("cannot reach Kafka: " + Reason.ofInnermost(unreachable));
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            obstacle = Optional.of("interrupted");
        }
        return new OpenTopics(found, obstacle.orElse(null));
    }

    private Optional<String> ensure(Admin admin, EventTopic topic) throws InterruptedException, TimeoutException {
        String name = topic.name(prefix);
        try {
            // Asked first: who may only write to a topic that exists would be refused its creation.
            if (exists(admin, name)) {
                warnUnlessCompacted(admin, topic, name);
            } else if (create) {
                await(admin.createTopics(List.of(wanted(topic, name))).all());
                LOG.infof("topic=%s state=created partitions=%d", name, PARTITIONS);
            } else {
                return Optional.of(
                        "the topic " + name + " does not exist, and viewkeeper.outbox.create-topic is false");
            }
            return Optional.empty();
        } catch (ExecutionException refused) {
            if (refused.getCause() instanceof org.apache.kafka.common.errors.TimeoutException unreachable) {
                // Of the next topic it would tell no more, and take as long.
                throw unreachable;
            }
            return refused.getCause() instanceof TopicExistsException
                    ? Optional.empty()
                    : Optional.of("cannot create topic " + name + ": " + Reason.of(refused.getCause()));
        }
    }

    private static NewTopic wanted(EventTopic topic, String name) {
        Map<String, String> configuration = switch (topic) {
            case REFRESH -> Map.of(TopicConfig.RETENTION_MS_CONFIG, Long.toString(RETENTION.toMillis()));
            case VIEW_STATE -> Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
        };
        return new NewTopic(name, Optional.of(PARTITIONS), Optional.empty()).configs(configuration);
    }

    private static boolean exists(Admin admin, String name)
            throws ExecutionException, InterruptedException, TimeoutException {
        try {
            await(admin.describeTopics(List.of(name)).allTopicNames());
            return true;
        } catch (ExecutionException unknown) {
            if (unknown.getCause() instanceof UnknownTopicOrPartitionException) {
                return false;
            }
            throw unknown;
        }
    }

    private static void warnUnlessCompacted(Admin admin, EventTopic topic, String name)
            throws InterruptedException, TimeoutException {
        if (topic != EventTopic.VIEW_STATE) {
            return;
        }
        var resource = new ConfigResource(ConfigResource.Type.TOPIC, name);
        try {
            var settings = await(admin.describeConfigs(List.of(resource)).all()).get(resource);
            var policy = settings == null ? null : settings.get(TopicConfig.CLEANUP_POLICY_CONFIG);
            if (policy != null && !policy.value().contains(TopicConfig.CLEANUP_POLICY_COMPACT)) {
                LOG.warnf(
                        "topic=%s cleanup.policy=%s it should be compact: the states of views that do not change get lost",
                        name, policy.value());
            }
        } catch (ExecutionException mayNotLook) {
            LOG.debugf("topic=%s its settings cannot be read: %s", name, Reason.of(mayNotLook.getCause()));
        }
    }

    private static <T> T await(KafkaFuture<T> answer)
            throws ExecutionException, InterruptedException, TimeoutException {
        return answer.get(2L * PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
    }
}
