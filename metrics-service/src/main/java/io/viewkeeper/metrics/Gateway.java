package io.viewkeeper.metrics;

import io.prometheus.client.CollectorRegistry;
import io.smallrye.config.ConfigMapping;
import io.vertx.sqlclient.Pool;
import io.viewkeeper.schema.database.Database;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;

/** The ways out of this process that features are given: PostgreSQL, the time, the registry that a scrape reads. */
@Singleton
class Gateway {

    @Produces
    @Singleton
    Database database(Pool pool, Settings settings) {
        return new Database(pool, settings.patience());
    }

    @Produces
    @Singleton
    Clock clock() {
        return Clock.systemUTC();
    }

    /** One for Micrometer and for our own collectors: the extension's default would give each a registry of its own. */
    @Produces
    @Singleton
    CollectorRegistry collectorRegistry() {
        return new CollectorRegistry(true);
    }

    /** How this service deals with PostgreSQL. */
    @ConfigMapping(prefix = "viewkeeper.metrics.database")
    interface Settings {
        /** How long a connection or a statement may take. */
        Duration patience();
    }
}
