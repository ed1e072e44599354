// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.outbox;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.sandbox.server.Await;
import io.viewkeeper.sandbox.server.KafkaServer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("server")
class EventTopicsTest {
    private final KafkaServer kafka = KafkaServer.shared();
    private final Map<String, Object> settings = Map.of("bootstrap.servers", kafka.bootstrapServers());
    private final String prefix = "topics-" + UUID.randomUUID();

    @Test
    void createsWhatIsMissing() throws Exception {
        awaitAllOpen(new EventTopics(settings, prefix, true));
        kafka.awaitTopics(List.of(EventTopic.REFRESH.name(prefix), EventTopic.VIEW_STATE.name(prefix)));
        assertThat(cleanupPolicy(EventTopic.REFRESH)).isEqualTo("delete");
        assertThat(cleanupPolicy(EventTopic.VIEW_STATE)).isEqualTo("compact");
    }

    @Test
    void leavesATopicThatExistsAsItIs() throws Exception {
        kafka.createTopics(EventTopic.VIEW_STATE.name(prefix));
        awaitAllOpen(new EventTopics(settings, prefix, true));
        assertThat(cleanupPolicy(EventTopic.VIEW_STATE)).isEqualTo("delete");
    }

    @Test
    void aTopicThatIsMissingAndMayNotBeCreatedClosesItselfOnlyUntilItIsThere() {
        kafka.createTopics(EventTopic.REFRESH.name(prefix));
        var topics = new EventTopics(settings, prefix, false);
        var open = topics.ensure();
        assertThat(open.topics()).isEqualTo(Set.of(EventTopic.REFRESH));
        assertThat(open.obstacle()).contains(EventTopic.VIEW_STATE.name(prefix)).contains("create-topic");
        kafka.createTopics(EventTopic.VIEW_STATE.name(prefix));
        awaitAllOpen(topics);
    }

    private static void awaitAllOpen(EventTopics topics) {
        Await.until("all topics are open", () -> topics.ensure().equals(OpenTopics.all()));
    }

    private String cleanupPolicy(EventTopic topic) throws Exception {
        var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic.name(prefix));
        try (var admin = Admin.create(settings)) {
            var found = requireNonNull(
                    admin.describeConfigs(List.of(resource)).all().get().get(resource));
            return requireNonNull(found.get("cleanup.policy")).value();
        }
    }
}
