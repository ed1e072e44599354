// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.outbox;

import io.smallrye.common.annotation.Identifier;
import io.viewkeeper.schema.log.Reason;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.EnumMap;
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
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Creates the topics where they are missing, at the start or since; one that exists, however configured, is left alone. A
 * topic that is missing keeps back its own events only: a send to it would block the producer for all.
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
    /** The id of each when it was last there: one that is deleted and created anew has another. */
    private final Map<EventTopic, Uuid> known = new EnumMap<>(EventTopic.class);

    private final Set<EventTopic> missing = EnumSet.noneOf(EventTopic.class);
    private final Set<EventTopic> renewed = EnumSet.noneOf(EventTopic.class);

    EventTopics(
            @Identifier("default-kafka-broker") Map<String, Object> kafka,
            @ConfigProperty(name = "viewkeeper.topic-prefix") String prefix,
            @ConfigProperty(name = "viewkeeper.outbox.create-topic") boolean create) {
        this.kafka = Map.copyOf(kafka);
        this.prefix = prefix;
        this.create = create;
    }

    /** Looks for all, and creates what is missing. While Kafka cannot be reached, none is open. Not thread-safe. */
    public OpenTopics ensure() {
        var settings = new HashMap<>(kafka);
        settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, PATIENCE_MILLIS);
        settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, PATIENCE_MILLIS / 2);
        var open = EnumSet.noneOf(EventTopic.class);
        String obstacle = null;
        try (var admin = Admin.create(settings)) {
            for (EventTopic topic : EventTopic.values()) {
                String problem = ensure(admin, topic);
                if (problem == null) {
                    open.add(topic);
                } else if (obstacle == null) {
                    obstacle = problem;
                }
            }
        } catch (KafkaException | TimeoutException unreachable) {
            return OpenTopics.none("cannot reach Kafka: " + Reason.ofInnermost(unreachable));
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            return OpenTopics.none("interrupted");
        }
        var result = new OpenTopics(open, renewed, obstacle);
        renewed.clear();
        return result;
    }

    /** What is in the way; null when it is there. */
    private @Nullable String ensure(Admin admin, EventTopic topic) throws InterruptedException, TimeoutException {
        String name = topic.name(prefix);
        String wish = "look for";
        try {
            // Asked first: who may only write to a topic that exists would be refused its creation.
            Optional<Uuid> id = find(admin, name);
            if (id.isPresent()) {
                noteFound(admin, topic, id.get());
                return null;
            }
            if (missing.add(topic) && known.containsKey(topic)) {
                LOG.warnf("topic=%s state=missing it was there before", name);
            }
            if (!create) {
                return "the topic " + name + " is missing, and viewkeeper.outbox.create-topic is false: create it";
            }
            wish = "create";
            await(admin.createTopics(List.of(wanted(topic, name))).all());
            LOG.infof("topic=%s state=created partitions=%d", name, PARTITIONS);
            known.remove(topic);
            missing.remove(topic);
            renewed.add(topic);
            return null;
        } catch (ExecutionException refused) {
            if (refused.getCause() instanceof org.apache.kafka.common.errors.TimeoutException unreachable) {
                // Of the next topic it would tell no more, and take as long.
                throw unreachable;
            }
            return refused.getCause() instanceof TopicExistsException
                    ? null
                    : "cannot " + wish + " topic " + name + ": " + Reason.of(refused.getCause());
        }
    }

    private void noteFound(Admin admin, EventTopic topic, Uuid id) throws InterruptedException, TimeoutException {
        Uuid before = known.put(topic, id);
        if (id.equals(before)) {
            missing.remove(topic);
            return;
        }
        if (missing.remove(topic) || before != null) {
            renewed.add(topic);
        }
        warnUnlessCompacted(admin, topic, topic.name(prefix));
    }

    private static NewTopic wanted(EventTopic topic, String name) {
        Map<String, String> configuration = switch (topic) {
            case REFRESH -> Map.of(TopicConfig.RETENTION_MS_CONFIG, Long.toString(RETENTION.toMillis()));
            case VIEW_STATE -> Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
        };
        return new NewTopic(name, Optional.of(PARTITIONS), Optional.empty()).configs(configuration);
    }

    private static Optional<Uuid> find(Admin admin, String name)
            throws ExecutionException, InterruptedException, TimeoutException {
        try {
            return await(admin.describeTopics(List.of(name)).allTopicNames()).values().stream()
                    .map(TopicDescription::topicId)
                    .findFirst();
        } catch (ExecutionException unknown) {
            if (unknown.getCause() instanceof UnknownTopicOrPartitionException) {
                return Optional.empty();
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
