// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.viewkeeper.refresher.outbox.OutboxLoop;
import io.viewkeeper.sandbox.server.Await;
import io.viewkeeper.sandbox.server.KafkaServer;
import io.viewkeeper.sandbox.server.SandboxDatabase;
import jakarta.inject.Inject;
import java.net.URL;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

@Tag("server")
@Isolated
@QuarkusTest
@WithTestResource(ServersWithOwnKafka.class)
class KafkaDownAtStartTest {
    @Nullable
    KafkaServer injectedKafka;

    @Inject
    OutboxLoop outbox;

    @Nullable
    SandboxDatabase injectedDatabase;

    @TestHTTPResource(value = "/health/ready", management = true)
    URL ready;

    @Test
    void itStartsWithoutKafkaRefreshesAndPublishesOnceKafkaIsThere() {
        var outcomes = new Outcomes(injectedDatabase);
        Await.until("views are refreshed", () -> outcomes.sequence() > 2);
        Await.until("Kafka is missed", () -> {
            var state = outbox.state();
            return state.failure() != null && state.failure().contains("cannot reach Kafka") && state.pending() > 0;
        });
        Await.until("ready", () -> RestAssured.get(ready).statusCode() == 200);
        // Of the classes that share the application, this one comes first by its name.
        assertThat(outcomes.published()).as("events that Kafka took before").isZero();
        requireNonNull(injectedKafka).restart();
        Await.until("the outbox drains", () -> {
            var state = outbox.state();
            return state.failure() == null && state.pending() == 0;
        });
    }
}
