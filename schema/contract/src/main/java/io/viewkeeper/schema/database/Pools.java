// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.database;

import io.quarkus.arc.ClientProxy;
import io.quarkus.runtime.StartupEvent;
import io.vertx.sqlclient.Pool;
import io.viewkeeper.schema.start.WrongSetting;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Makes the pools before anything wants them, so that settings of which none can be made end the start, and are told once. */
@Singleton
class Pools {
    /** What {@link PoolSettings} finds wrong with the URL. */
    static final String PROBLEM = "viewkeeper.database.problem";

    void start(
            @Observes @Priority(-2) StartupEvent event,
            @ConfigProperty(name = PROBLEM) Optional<String> problem,
            @Any Instance<Pool> pools) {
        problem.ifPresent(sentence -> {
            throw WrongSetting.of(sentence);
        });
        pools.forEach(ClientProxy::unwrap);
    }
}
