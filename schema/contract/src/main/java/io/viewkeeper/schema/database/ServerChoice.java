// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.database;

import io.quarkus.reactive.pg.client.PgPoolCreator;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.SslMode;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.SqlConnectOptions;
import io.viewkeeper.schema.start.WrongSetting;
import jakarta.inject.Singleton;
import java.net.ConnectException;
import java.util.List;
import java.util.Locale;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * Pools whose URL names several servers, or which: each new connection goes to the first that answers and is meant, beginning
 * with the one that was last. The client by itself would take them in turn, whatever they are.
 */
@Singleton
public class ServerChoice implements PgPoolCreator {
    static final String TARGET = "viewkeeper.database.target";

    /** One that is gone without a word must not use up the patience for all. */
    private static final int CONNECT_MILLIS = 3_000;

    private static final String IN_RECOVERY = "select pg_catalog.pg_is_in_recovery()";

    private final ServerTarget target;

    ServerChoice(@ConfigProperty(name = TARGET, defaultValue = "ANY") String target) {
        this.target = ServerTarget.valueOf(target);
    }

    @Override
    public Pool create(Input input) {
        var servers = input.pgConnectOptionsList();
        servers.forEach(ServerChoice::requireTrust);
        // As its sessions in pg_stat_activity: without one, all pools share one in the metrics, and the first hides
        // the rest.
        String name = servers.getFirst().getProperties().get("application_name");
        var options = new PoolOptions(input.poolOptions());
        if (name != null) {
            options.setName(name);
        }
        var builder = PgBuilder.pool().with(options).using(input.vertx());
        if (servers.size() == 1 && target == ServerTarget.ANY) {
            return builder.connectingTo(servers.getFirst()).build();
        }
        return builder.connectingTo(new Servers(input.vertx(), servers, target)::choose)
                .build();
    }

    /** The client would refuse each connection. */
    private static void requireTrust(PgConnectOptions server) {
        var mode = server.getSslMode();
        boolean verifies = mode == SslMode.VERIFY_CA || mode == SslMode.VERIFY_FULL;
        if (verifies && server.getTrustOptions() == null && !server.isTrustAll()) {
            throw WrongSetting.of(DatabaseUrl.NAME + " has sslmode=" + mode.value
                    + " and names no certificates that are trusted: add sslrootcert=<file in PEM format>, or set"
                    + " quarkus.datasource.reactive.trust-certificate-pem=true and"
                    + " quarkus.datasource.reactive.trust-certificate-pem.certs.");
        }
    }

    private static final class Servers {
        private final Vertx vertx;
        private final List<PgConnectOptions> servers;
        private final ServerTarget target;
        private volatile int last;

        Servers(Vertx vertx, List<PgConnectOptions> servers, ServerTarget target) {
            this.vertx = vertx;
            this.servers = List.copyOf(servers);
            this.target = target;
        }

        Future<SqlConnectOptions> choose() {
            return choose(last, 0, null);
        }

        private Future<SqlConnectOptions> choose(int index, int tried, @Nullable Throwable failure) {
            if (tried == servers.size()) {
                return Future.failedFuture(
                        failure == null
                                ? new ConnectException("the URL names a "
                                        + target.name().toLowerCase(Locale.ROOT)
                                        + " (target_session_attrs), and no server that answers is one")
                                : failure);
            }
            var server = servers.get(index);
            int next = (index + 1) % servers.size();
            return isMeant(server).transform(asked -> {
                if (asked.succeeded() && asked.result()) {
                    last = index;
                    return Future.succeededFuture(server);
                }
                return choose(next, tried + 1, asked.failed() ? asked.cause() : failure);
            });
        }

        private Future<Boolean> isMeant(PgConnectOptions server) {
            var impatient = new PgConnectOptions(server);
            impatient.setConnectTimeout(Math.min(server.getConnectTimeout(), CONNECT_MILLIS));
            return PgConnection.connect(vertx, impatient)
                    .map(Connections::quiet)
                    .compose(connection -> connection
                            .query(IN_RECOVERY)
                            .execute()
                            .map(rows -> target.isMet(rows.iterator().next().getBoolean(0)))
                            .onComplete(_ -> connection.close()));
        }
    }
}
