// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics;

import io.viewkeeper.metrics.freshness.Freshness;
import io.viewkeeper.schema.consumer.KafkaConnection;
import io.viewkeeper.schema.database.Database;
import io.viewkeeper.schema.database.SchemaVersion;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Ready once the views' state was rebuilt, so that the first scrape has no hole, and while the database's tables are
 * those that we know. Kafka is told of and never decides: without it the state still follows the database.
 */
@Readiness
@ApplicationScoped
class MetricsReadiness implements HealthCheck {
    private final Database database;
    private final Freshness freshness;
    private final KafkaConnection kafka;

    MetricsReadiness(Database database, Freshness freshness, KafkaConnection kafka) {
        this.database = database;
        this.freshness = freshness;
        this.kafka = kafka;
    }

    @Override
    public HealthCheckResponse call() {
        var objection = SchemaVersion.objection(database);
        boolean rebuilt = freshness.isRebuilt();
        return HealthCheckResponse.named("viewkeeper-metrics")
                .status(objection.isEmpty() && rebuilt)
                .withData("database", objection.orElse("ok"))
                .withData("views", rebuilt ? "rebuilt" : "not yet rebuilt from the database")
                .withData("kafka", kafka.state())
                .build();
    }
}
