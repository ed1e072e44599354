package io.viewkeeper.metrics;

import io.quarkus.reactive.datasource.ReactiveDataSource;
import io.quarkus.reactive.pg.client.PgPoolCreator;
import io.smallrye.config.ConfigMapping;
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

/** The ways out of this process that features are given: PostgreSQL, the time. */
@Singleton
class Gateway {

    @Produces
    @Singleton
    Database database(Pool pool, Settings settings, Config config) {
        return new Database(pool, settings.patience(), TransactionSettings.of(config));
    }

    @Produces
    @Singleton
    @Statistics
    Database statistics(@ReactiveDataSource("statistics") Pool pool, Settings settings, Config config) {
        return new Database(pool, settings.statisticsPatience(), TransactionSettings.of(config, "statistics"));
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

    /** How this service deals with PostgreSQL. */
    @ConfigMapping(prefix = "viewkeeper.metrics.database")
    interface Settings {
        /** How long a connection or a statement may take. */
        Duration patience();

        /** The same of a collector. */
        Duration statisticsPatience();
    }
}
