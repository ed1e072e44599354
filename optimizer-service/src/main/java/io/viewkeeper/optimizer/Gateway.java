package io.viewkeeper.optimizer;

import io.smallrye.config.ConfigMapping;
import io.vertx.sqlclient.Pool;
import io.viewkeeper.schema.database.Database;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;

/** The way to PostgreSQL that features are given. */
@Singleton
class Gateway {

    @Produces
    @Singleton
    Database database(Pool pool, Settings settings) {
        return new Database(pool, settings.patience());
    }

    /** How this service deals with PostgreSQL. */
    @ConfigMapping(prefix = "viewkeeper.optimizer.database")
    interface Settings {
        /** How long a connection or a statement may take. */
        Duration patience();
    }
}
