// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.service.gateway;

import io.vertx.sqlclient.Pool;
import io.viewkeeper.schema.database.Database;
import io.viewkeeper.schema.database.TransactionSettings;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The database behind the pool that has no name. */
@Singleton
class Gateway {
    @Produces
    @Singleton
    Database database(
            Pool pool, @ConfigProperty(name = "viewkeeper.database.patience") Duration patience, Config config) {
        return new Database(pool, patience, TransactionSettings.of(config));
    }
}
