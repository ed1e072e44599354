// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher;

import io.viewkeeper.refresher.outbox.OutboxLoop;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Always up: refreshes go on without Kafka and nothing is lost. Says so when events are waiting for it. */
@Readiness
@Singleton
class EventsCheck implements HealthCheck {
    private final OutboxLoop outbox;

    EventsCheck(OutboxLoop outbox) {
        this.outbox = outbox;
    }

    @Override
    public HealthCheckResponse call() {
        OutboxLoop.State state = outbox.state();
        var response = HealthCheckResponse.named("events").up().withData("pending", state.pending());
        String failure = state.failure();
        return failure == null
                ? response.build()
                : response.withData("degraded", failure).build();
    }
}
