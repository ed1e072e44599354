// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.viewkeeper.sandbox.server.Await;
import io.viewkeeper.sandbox.server.FreePort;
import io.viewkeeper.sandbox.server.KafkaOptions;
import io.viewkeeper.sandbox.server.KafkaServer;
import io.viewkeeper.schema.event.Topics;
import io.viewkeeper.schema.event.ViewName;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Instant;
import java.util.Map;
import org.eclipse.microprofile.config.Config;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("server")
@QuarkusTest
@WithTestResource(value = LateBrokerTest.NoBrokerYet.class, scope = TestResourceScope.RESTRICTED_TO_CLASS)
class LateBrokerTest {
    @Inject
    Config config;

    @TestHTTPResource
    @SuppressWarnings("NullAway.Init")
    URI http;

    @TestHTTPResource(management = true)
    @SuppressWarnings("NullAway.Init")
    URI management;

    /** The address of a broker that is started later. */
    public static class NoBrokerYet extends TestServers {
        @Override
        protected void prepare(Map<String, String> settings) {
            settings.put("kafka.bootstrap.servers", "127.0.0.1:" + FreePort.choose());
            // The topic is found soon when it is there.
            settings.put("mp.messaging.incoming.refreshes.metadata.max.age.ms", "500");
        }
    }

    @Test
    void isReadyBeforeTheBrokerAndTheTopicExistAndReadsWhenTheyDo() {
        var service = new Service(http, management);
        var world = World.of(config);
        Await.until("ready", service::isReady);
        Await.until(
                "degraded",
                () -> service.get(management, "/q/health/ready").body().contains("degraded: no connection"));
        assertThat(service.get(management, "/q/health/live").statusCode()).isEqualTo(200);

        int port = Integer.parseInt(world.bootstrapServers().replaceAll(".*:", ""));
        try (var kafka = KafkaServer.start(KafkaOptions.temporary().withPort(port))) {
            String topic = Topics.refresh(world.prefix());
            Await.until(
                    "connected, and the topic is missing",
                    () -> service.get(management, "/q/health/ready")
                            .body()
                            .contains("degraded: the topic " + topic + " is missing"));
            kafka.createTopics(topic);
            var view = new ViewName("analytics", "late");
            world.publish(new Events(world.database().name()).completed(view, 1, Instant.now()));
            Await.until("the event", () -> service.sequences(view).size() == 1);
            Await.until(
                    "nothing is missing",
                    () -> !service.get(management, "/q/health/ready").body().contains(" is missing"));
        }
    }
}
