package io.viewkeeper.refresher;

import static java.util.Objects.requireNonNull;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.viewkeeper.refresher.outbox.OutboxLoop;
import io.viewkeeper.refresher.refresh.ViewStatuses;
import io.viewkeeper.sandbox.server.KafkaServer;
import jakarta.inject.Inject;
import java.net.URL;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("server")
@QuarkusTest
@WithTestResource(ServersWithKafkaDown.class)
class KafkaDownAtStartTest {
    @Nullable
    KafkaServer injectedKafka;

    @Inject
    OutboxLoop outbox;

    @Inject
    ViewStatuses statuses;

    @TestHTTPResource(value = "/health/ready", management = true)
    URL ready;

    @Test
    void itStartsWithoutKafkaRefreshesAndPublishesOnceKafkaIsThere() {
        await("views are refreshed", () -> sequence() > 2);
        await("Kafka is missed", () -> {
            var state = outbox.state();
            return state.failure() != null && state.pending() > 0;
        });
        RestAssured.get(ready).then().statusCode(200);
        requireNonNull(injectedKafka).restart();
        await("the outbox drains", () -> {
            var state = outbox.state();
            return state.failure() == null && state.pending() == 0;
        });
    }

    private long sequence() {
        return statuses.find("sales.good").map(view -> view.sequence()).orElse(0L);
    }

    private static void await(String what, BooleanSupplier condition) {
        Awaitility.await(what).atMost(Duration.ofMinutes(2)).until(condition::getAsBoolean);
    }
}
