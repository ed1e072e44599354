package io.viewkeeper.schema.database;

import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;

/** Connections out of a pool. */
final class Connections {
    private Connections() {}

    /**
     * One that says nothing of the server's notices: the client would log them, and a function may raise one for each row that it
     * sees. A connection that comes after the patience has ended goes straight back, or the pool would have lost it for ever.
     */
    static SqlConnection of(Pool pool, Duration patience) {
        Future<SqlConnection> asked = pool.getConnection();
        try {
            var connection = Await.result(asked, patience);
            PgConnection.cast(connection).noticeHandler(_ -> {});
            return connection;
        } catch (DatabaseException nobodyWaitsAnyMore) {
            var _ = asked.onSuccess(SqlConnection::close);
            throw nobodyWaitsAnyMore;
        } catch (Await.AwaitTimeout timeout) {
            var _ = asked.onSuccess(SqlConnection::close);
            throw new DatabaseException(
                    SqlState.CONNECTION_FAILURE, "no connection to PostgreSQL within " + patience.toMillis() + " ms");
        }
    }
}
