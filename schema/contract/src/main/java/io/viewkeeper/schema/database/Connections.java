// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.database;

import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import org.jboss.logging.Logger;

/** Connections out of a pool. */
final class Connections {
    private static final Logger LOG = Logger.getLogger(Connections.class);

    private Connections() {}

    /**
     * One that says nothing of the server's notices: the client would log them, and a function may raise one for each row that it
     * sees. Nor of its end, which the statement that fails tells. A connection that comes after the patience has ended goes
     * straight back, or the pool would have lost it for ever.
     */
    static SqlConnection of(Pool pool, Duration patience) {
        Future<SqlConnection> asked = pool.getConnection().map(Connections::quiet);
        try {
            return Await.result(asked, patience);
        } catch (DatabaseException nobodyWaitsAnyMore) {
            var _ = asked.onSuccess(SqlConnection::close);
            throw nobodyWaitsAnyMore;
        } catch (Await.AwaitTimeout timeout) {
            var _ = asked.onSuccess(SqlConnection::close);
            throw new DatabaseException(
                    SqlState.CONNECTION_FAILURE, "no connection to PostgreSQL within " + patience.toMillis() + " ms");
        }
    }

    /** Before anything can happen to it. */
    static <T extends SqlConnection> T quiet(T connection) {
        PgConnection.cast(connection).noticeHandler(_ -> {});
        // Without a handler the client prints, past the log, the stack of what ends a connection that waits for
        // nothing.
        var _ = connection.exceptionHandler(
                end -> LOG.debugf("connection=lost reason=%s", Await.typed(end).getMessage()));
        return connection;
    }
}
