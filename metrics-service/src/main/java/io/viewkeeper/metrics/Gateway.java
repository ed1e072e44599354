// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics;

import io.quarkus.reactive.datasource.ReactiveDataSource;
import io.quarkus.reactive.pg.client.PgPoolCreator;
import io.vertx.sqlclient.Pool;
import io.viewkeeper.metrics.collector.Statistics;
import io.viewkeeper.schema.database.Database;
import io.viewkeeper.schema.database.ServerChoice;
import io.viewkeeper.schema.database.TransactionSettings;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The ways out of this process that features are given: the statistics of PostgreSQL, the time. */
@Singleton
class Gateway {

    @Produces
    @Singleton
    @Statistics
    Database statistics(
            @ReactiveDataSource("statistics") Pool pool,
            @ConfigProperty(name = "viewkeeper.metrics.database.statistics-patience") Duration patience,
            Config config) {
        return new Database(pool, patience, TransactionSettings.of(config, "statistics"));
    }

    /** The other pool chooses among servers as the first. */
    @Produces
    @Singleton
    @ReactiveDataSource("statistics")
    PgPoolCreator statisticsServers(ServerChoice choice) {
        return choice;
    }

    @Produces
    @Singleton
    Clock clock() {
        return new SteadyClock(Instant.now(), System::nanoTime);
    }
}
