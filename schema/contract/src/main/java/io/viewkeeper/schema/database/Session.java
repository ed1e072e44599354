// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.database;

import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One connection, for as long as a transaction lasts. A statement that takes longer than its patience is cancelled on
 * the server and fails as {@link SqlState#QUERY_CANCELED}. Not thread-safe.
 */
public final class Session {
    private static final Duration CANCEL_PATIENCE = Duration.ofSeconds(10);

    private final SqlConnection connection;
    private final Duration patience;
    private final String settings;
    private boolean inTransaction;

    /** @param settings SQL that each transaction begins with; may be empty */
    Session(SqlConnection connection, Duration patience, String settings) {
        this.connection = connection;
        this.patience = patience;
        this.settings = settings;
    }

    /** Every row of the answer; parameters are bound, never spliced. */
    public <T> List<T> query(String sql, RowReader<T> reader, @Nullable Object... parameters) {
        var rows = execute(sql, parameters);
        var values = new ArrayList<T>(rows.size());
        for (var row : rows) {
            values.add(reader.read(row));
        }
        return values;
    }

    /** The first row of the answer. */
    public <T> Optional<T> queryFirst(String sql, RowReader<T> reader, @Nullable Object... parameters) {
        return query(sql, reader, parameters).stream().findFirst();
    }

    /** The only row of the answer, for questions that always have one. */
    public <T> T queryOne(String sql, RowReader<T> reader, @Nullable Object... parameters) {
        return queryFirst(sql, reader, parameters)
                .orElseThrow(() -> new IllegalStateException("one row was expected of: " + sql));
    }

    /** How many rows it wrote. */
    public int update(String sql, @Nullable Object... parameters) {
        return execute(sql, parameters).rowCount();
    }

    private RowSet<Row> execute(String sql, @Nullable Object... parameters) {
        if (inTransaction || settings.isEmpty()) {
            return run(connection.preparedQuery(sql).execute(tuple(parameters)), patience);
        }
        try {
            begin("begin");
            var rows = run(connection.preparedQuery(sql).execute(tuple(parameters)), patience);
            command("commit", patience);
            return rows;
        } catch (DatabaseException failure) {
            rollback(failure);
            throw failure;
        } finally {
            inTransaction = false;
        }
    }

    private void rollback(DatabaseException failure) {
        try {
            command("rollback", patience);
        } catch (DatabaseException gone) {
            failure.addSuppressed(gone);
        }
    }

    /** @param sql the statement that begins it, and whatever else may stand before its first query */
    public void begin(String sql) {
        joins(sql);
    }

    /** As {@link #begin}, where the transaction has begun. */
    void joins(String sql) {
        command(settings.isEmpty() ? sql : sql + "; " + settings, patience);
        inTransaction = true;
    }

    /**
     * A statement that takes no parameters (SET, REFRESH, …), with a patience of its own, since it may rightly take
     * hours. The server's {@code statement_timeout} should be shorter.
     */
    public void command(String sql, Duration itsPatience) {
        run(connection.query(sql).execute(), itsPatience);
    }

    /** The same, for what may rightly take longer. The server's {@code statement_timeout} should be shorter. */
    public Session within(Duration itsPatience) {
        var other = new Session(connection, itsPatience, settings);
        other.inTransaction = inTransaction;
        return other;
    }

    private RowSet<Row> run(Future<RowSet<Row>> statement, Duration limit) {
        try {
            return Await.result(statement, limit);
        } catch (Await.AwaitTimeout timeout) {
            cancel(statement);
            throw new DatabaseException(SqlState.QUERY_CANCELED, "cancelled after " + limit.toMillis() + " ms");
        }
    }

    /** Waits for the cancelled statement to end, so that the connection goes back to the pool idle. */
    private void cancel(Future<?> statement) {
        try {
            Await.result(PgConnection.cast(connection).cancelRequest(), CANCEL_PATIENCE);
            Await.result(statement, CANCEL_PATIENCE);
        } catch (DatabaseException cancelled) {
            // Expected: the statement failed as cancelled, or the connection is gone.
        } catch (Await.AwaitTimeout deaf) {
            var _ = connection.close();
        }
    }

    /**
     * Leaves nothing behind: neither a transaction, nor settings, prepared statements, temporary tables or advisory locks. A
     * session that cannot be cleaned is ended.
     */
    public void discard() {
        try {
            command("rollback", patience);
            inTransaction = false;
            command("discard all", patience);
        } catch (DatabaseException unclean) {
            end();
        }
    }

    /** Ends it on the server, for the client has no other way to have its pool forget a connection. */
    void end() {
        try {
            run(
                    connection
                            .query("select pg_catalog.pg_terminate_backend(pg_catalog.pg_backend_pid())")
                            .execute(),
                    CANCEL_PATIENCE);
        } catch (DatabaseException ended) {
            // Expected: nobody is left to answer.
        }
    }

    private static Tuple tuple(@Nullable Object... parameters) {
        return Tuple.from(Arrays.asList(parameters));
    }
}
