// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.service.loop;

import io.viewkeeper.schema.loop.Loop;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/** Down, with their names, when loops are stuck: then only a restart helps. Asks neither the database nor Kafka. */
@Liveness
@Singleton
class LoopsCheck implements HealthCheck {
    private final Loops loops;

    LoopsCheck(Loops loops) {
        this.loops = loops;
    }

    @Override
    public HealthCheckResponse call() {
        var response = HealthCheckResponse.named("loops").up();
        for (Loop loop : loops.all()) {
            loop.stuck().ifPresent(why -> response.down().withData(loop.name(), why));
        }
        return response.build();
    }
}
