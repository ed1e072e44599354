// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer;

import io.viewkeeper.optimizer.statement.CurrentSurvey;
import io.viewkeeper.schema.consumer.KafkaConnection;
import io.viewkeeper.schema.database.Database;
import io.viewkeeper.schema.database.SchemaVersion;
import io.viewkeeper.schema.statement.Notice;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.stream.Collectors;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready while the database's tables are those that we know. Kafka is told of and never decides: records wait there. */
@Readiness
@ApplicationScoped
class OptimizerReadiness implements HealthCheck {
    private final Database database;
    private final KafkaConnection kafka;
    private final CurrentSurvey survey;

    OptimizerReadiness(Database database, KafkaConnection kafka, CurrentSurvey survey) {
        this.database = database;
        this.kafka = kafka;
        this.survey = survey;
    }

    @Override
    public HealthCheckResponse call() {
        var objection = SchemaVersion.objection(database);
        return HealthCheckResponse.named("viewkeeper-optimizer")
                .status(objection.isEmpty())
                .withData("database", objection.orElse("ok"))
                .withData("statistics", objection.isEmpty() ? statistics() : "unknown")
                .withData("kafka", kafka.state())
                .build();
    }

    /** What is missing makes answers poorer, and the service no less ready. */
    private String statistics() {
        var notices = survey.notices();
        return notices.isEmpty()
                ? "ok"
                : notices.stream().map(Notice::message).collect(Collectors.joining("; ", "degraded: ", ""));
    }
}
