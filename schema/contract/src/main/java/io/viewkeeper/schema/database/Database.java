// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.database;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Transaction;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL database behind a pool. Call it from virtual threads: every method waits. Failures are
 * {@link DatabaseException}s.
 */
public final class Database {
    private final Pool pool;
    private final Duration patience;
    private final TransactionSettings settings;

    /** @param patience how long a connection, and any statement without a patience of its own, may take */
    public Database(Pool pool, Duration patience) {
        this(pool, patience, TransactionSettings.NONE);
    }

    /** @param settings of each transaction, and of each statement that is in none but a {@link #command} */
    public Database(Pool pool, Duration patience, TransactionSettings settings) {
        this.pool = pool;
        this.patience = patience;
        this.settings = settings;
    }

    /** Every row of the answer; parameters are bound, never spliced. */
    public <T> List<T> query(String sql, RowReader<T> reader, @Nullable Object... parameters) {
        return onConnection(session -> session.query(sql, reader, parameters));
    }

    /** The first row of the answer. */
    public <T> Optional<T> queryFirst(String sql, RowReader<T> reader, @Nullable Object... parameters) {
        return onConnection(session -> session.queryFirst(sql, reader, parameters));
    }

    /** The only row of the answer, for questions that always have one. */
    public <T> T queryOne(String sql, RowReader<T> reader, @Nullable Object... parameters) {
        return onConnection(session -> session.queryOne(sql, reader, parameters));
    }

    /** How many rows it wrote. */
    public int update(String sql, @Nullable Object... parameters) {
        return onConnection(session -> session.update(sql, parameters));
    }

    /** A statement that takes no parameters and may run in no transaction (VACUUM, …); see {@link Session#command}. */
    public void command(String sql, Duration itsPatience) {
        onConnection(session -> {
            session.command(sql, itsPatience);
            return sql;
        });
    }

    /** Commits when the work returns, rolls back when it throws. Isolation: READ COMMITTED. */
    public <T> T inTransaction(Work<T> work) {
        return inTransaction(Isolation.READ_COMMITTED, work);
    }

    /** Commits when the work returns, rolls back when it throws. */
    public <T> T inTransaction(Isolation isolation, Work<T> work) {
        return onConnection((session, connection) -> {
            Transaction transaction = await(connection.begin());
            try {
                // Always: what BEGIN gives is default_transaction_isolation, which others set.
                session.joins("set transaction isolation level " + isolation.sql());
                T result = work.in(session);
                await(transaction.commit());
                return result;
            } catch (RuntimeException | Error failure) {
                rollback(transaction, failure);
                throw failure;
            }
        });
    }

    /**
     * One connection in no transaction: whatever the work begins, by {@link Session#begin}, and leaves behind is its own to
     * end, see {@link Session#discard}.
     */
    public <T> T inSession(Work<T> work) {
        return onConnection(work);
    }

    private void rollback(Transaction transaction, Throwable failure) {
        try {
            await(transaction.rollback());
        } catch (RuntimeException gone) {
            // Nothing was committed: a lost connection rolls back by itself.
            failure.addSuppressed(gone);
        }
    }

    private <T> T onConnection(Work<T> work) {
        return onConnection((session, connection) -> work.in(session));
    }

    private <T> T onConnection(ConnectionWork<T> work) {
        SqlConnection connection = Connections.of(pool, patience);
        var session = new Session(connection, patience, settings.sql());
        try {
            return work.in(session, connection);
        } catch (DatabaseException refused) {
            if (refused.sqlState().equals(SqlState.READ_ONLY_TRANSACTION)) {
                // It stays so when the server has long been writable again: the pool must not keep it.
                session.end();
            }
            throw refused;
        } finally {
            var _ = connection.close();
        }
    }

    private <T> T await(Future<T> future) {
        try {
            return Await.result(future, patience);
        } catch (Await.AwaitTimeout timeout) {
            throw new DatabaseException(
                    SqlState.CONNECTION_FAILURE, "no answer from PostgreSQL within " + patience.toMillis() + " ms");
        }
    }

    @FunctionalInterface
    private interface ConnectionWork<T> {
        T in(Session session, SqlConnection connection);
    }
}
