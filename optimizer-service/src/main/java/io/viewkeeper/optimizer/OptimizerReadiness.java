package io.viewkeeper.optimizer;

import io.viewkeeper.schema.database.Database;
import io.viewkeeper.schema.database.SchemaVersion;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready while the database's tables are those that we know. Kafka is told of and never decides: records wait there. */
@Readiness
@ApplicationScoped
class OptimizerReadiness implements HealthCheck {
    private final Database database;
    private final KafkaConnection kafka;

    OptimizerReadiness(Database database, KafkaConnection kafka) {
        this.database = database;
        this.kafka = kafka;
    }

    @Override
    public HealthCheckResponse call() {
        var objection = SchemaVersion.objection(database);
        return HealthCheckResponse.named("viewkeeper-optimizer")
                .status(objection.isEmpty())
                .withData("database", objection.orElse("ok"))
                .withData("kafka", kafka.isConnected() ? "ok" : "degraded: no connection to a broker")
                .build();
    }
}
