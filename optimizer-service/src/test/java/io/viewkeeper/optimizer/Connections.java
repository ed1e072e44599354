// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer;

import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.PoolOptions;
import io.viewkeeper.sandbox.server.Await;
import io.viewkeeper.sandbox.server.SandboxDatabase;
import io.viewkeeper.schema.database.Database;

/** The gateway to a database of a test, without the service around it. */
public final class Connections {
    private static final Vertx VERTX = Vertx.vertx();

    private Connections() {}

    /** As any role, our own for one; it ends with the JVM. */
    public static Database as(String role, SandboxDatabase where) {
        var options = new PgConnectOptions()
                .setHost(where.host())
                .setPort(where.port())
                .setDatabase(where.name())
                .setUser(role)
                .setPassword(where.password());
        return new Database(
                PgBuilder.pool()
                        .connectingTo(options)
                        .with(new PoolOptions().setMaxSize(4))
                        .using(VERTX)
                        .build(),
                Await.PATIENCE);
    }
}
