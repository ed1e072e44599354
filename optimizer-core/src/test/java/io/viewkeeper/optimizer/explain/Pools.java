// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.explain;

import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.viewkeeper.sandbox.server.Await;
import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.sandbox.server.SandboxDatabase;
import io.viewkeeper.schema.database.Database;
import java.time.Duration;
import java.util.Set;

/** Pools as the service has them: few sessions, the role of production. */
public final class Pools {
    static final int SIZE = 2;
    static final String APPLICATION = "viewkeeper-explain-test";

    /** No limit that a machine reaches by pausing; what is executed is chosen as ever. */
    public static final ExplainLimits PATIENT = limits(Await.PATIENCE, Await.PATIENCE);

    private static final Vertx VERTX = Vertx.vertx();

    private Pools() {}

    /** Patient in all other respects. */
    static ExplainLimits limits(Duration planTimeout, Duration executionTimeout) {
        var usual = ExplainLimits.defaults();
        return new ExplainLimits(
                planTimeout,
                executionTimeout,
                usual.executionBudget(),
                Await.PATIENCE,
                usual.lockTimeout(),
                Await.PATIENCE,
                Await.PATIENCE,
                Await.PATIENCE);
    }

    /** With these layers alone. */
    static Protection protection(ExplainLimits limits, Set<Layer> layers) {
        return new Protection(limits, layers, Protection.of(limits).harmlessExtensions());
    }

    public static Pool pool(SandboxDatabase where, Role role) {
        var options = new PgConnectOptions()
                .setHost(where.host())
                .setPort(where.port())
                .setDatabase(where.name())
                .setUser(role.roleName())
                .setPassword(where.password())
                .addProperty("application_name", APPLICATION);
        return PgBuilder.pool()
                .with(new PoolOptions().setMaxSize(SIZE))
                .connectingTo(options)
                .using(VERTX)
                .build();
    }

    public static Database database(Pool pool) {
        return new Database(pool, Await.PATIENCE);
    }
}
