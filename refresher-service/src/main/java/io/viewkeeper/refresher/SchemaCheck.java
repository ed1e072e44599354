// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher;

import io.viewkeeper.schema.database.Database;
import io.viewkeeper.schema.database.SchemaVersion;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready when the database can be reached and its schema version is one that this service knows. */
@Readiness
@Singleton
class SchemaCheck implements HealthCheck {
    private final Database database;

    SchemaCheck(Database database) {
        this.database = database;
    }

    @Override
    public HealthCheckResponse call() {
        var response = HealthCheckResponse.named("database schema");
        return SchemaVersion.objection(database)
                .map(reason -> response.down().withData("reason", reason).build())
                .orElseGet(() -> response.up().build());
    }
}
