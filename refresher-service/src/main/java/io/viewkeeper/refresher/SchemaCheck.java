package io.viewkeeper.refresher;

import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready when the database can be reached and its schema version is one that this service knows. */
@Readiness
@Singleton
class SchemaCheck implements HealthCheck {
    private final SchemaGate gate;

    SchemaCheck(SchemaGate gate) {
        this.gate = gate;
    }

    @Override
    public HealthCheckResponse call() {
        var response = HealthCheckResponse.named("database schema");
        return gate.objection()
                .map(reason -> response.down().withData("reason", reason).build())
                .orElseGet(() -> response.up().build());
    }
}
