// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.consumer;

import io.viewkeeper.sandbox.server.Await;
import io.viewkeeper.sandbox.server.KafkaServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("server")
class DeadLetterTopicTest {
    private final Map<String, Object> kafka =
            Map.of("bootstrap.servers", KafkaServer.shared().bootstrapServers());
    private final String name = "dead-" + UUID.randomUUID();

    @Test
    void isCreatedAgainWhenItWasDeleted() throws Exception {
        var names = List.of(name);
        var topic = new DeadLetterTopic(kafka, name, Duration.ZERO);
        topic.ensure();
        KafkaServer.shared().awaitTopics(names);
        try (var admin = Admin.create(kafka)) {
            var before = ids(admin, names);
            admin.deleteTopics(names).all().get();
            Await.until("another is there", () -> {
                try {
                    topic.ensure();
                    return !ids(admin, names).equals(before);
                } catch (ExecutionException notYetThere) {
                    return false;
                } catch (InterruptedException interrupt) {
                    throw new IllegalStateException(interrupt);
                }
            });
        }
    }

    private static List<Uuid> ids(Admin admin, List<String> names) throws ExecutionException, InterruptedException {
        return admin.describeTopics(names).allTopicNames().get().values().stream()
                .map(TopicDescription::topicId)
                .toList();
    }
}
