package io.viewkeeper.metrics;

import io.quarkus.reactive.datasource.ReactiveDataSource;
import io.smallrye.config.ConfigMapping;
import io.vertx.sqlclient.Pool;
import io.viewkeeper.metrics.collector.Statistics;
import io.viewkeeper.schema.database.Database;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;

/** The ways out of this process that features are given: PostgreSQL, the time. */
@Singleton
class Gateway {

    @Produces
    @Singleton
    Database database(Pool pool, Settings settings) {
        return new Database(pool, settings.patience());
    }

    @Produces
    @Singleton
    @Statistics
    Database statistics(@ReactiveDataSource("statistics") Pool pool, Settings settings) {
        return new Database(pool, settings.statisticsPatience());
    }

    @Produces
    @Singleton
    Clock clock() {
        return Clock.systemUTC();
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
