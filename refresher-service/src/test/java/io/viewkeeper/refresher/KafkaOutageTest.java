package io.viewkeeper.refresher;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.path.json.JsonPath;
import io.viewkeeper.refresher.outbox.OutboxLoop;
import io.viewkeeper.refresher.refresh.ViewStatuses;
import io.viewkeeper.sandbox.server.KafkaServer;
import jakarta.inject.Inject;
import java.net.URL;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(ServersWithOwnKafka.class)
class KafkaOutageTest {
    @Nullable
    KafkaServer injectedKafka;

    @Inject
    OutboxLoop outbox;

    @Inject
    ViewStatuses statuses;

    @TestHTTPResource(value = "/health/ready", management = true)
    URL ready;

    @TestHTTPResource(value = "/health/live", management = true)
    URL live;

    @Test
    void refreshesGoOnWithoutKafkaAndEverythingArrivesAfterwards() {
        KafkaServer kafka = requireNonNull(injectedKafka);
        await("the outbox is empty before", () -> outbox.state().pending() == 0 && sequence() > 0);
        kafka.stop();
        try {
            await("the outage is noticed", () -> outbox.state().failure() != null);
            long atOutage = sequence();
            await("refreshes go on", () -> sequence() > atOutage + 2);
            JsonPath readiness =
                    RestAssured.get(ready).then().statusCode(200).extract().jsonPath();
            assertThat(readiness.getString("checks.find { it.name == 'events' }.data.degraded"))
                    .isNotBlank();
            RestAssured.get(live).then().statusCode(200);
            assertThat(outbox.state().pending()).isPositive();
        } finally {
            kafka.restart();
        }
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
