// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.database;

import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import io.viewkeeper.schema.log.Reason;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Where the reactive client ends: a virtual thread waits for the result, and a failure becomes a
 * {@link DatabaseException} with a stack trace of ours (the client's has none).
 */
final class Await {
    /** What the client says of a pool that it has closed. */
    private static final String POOL_CLOSED = "Pool closed";

    private Await() {}

    /** @throws AwaitTimeout when it took longer; the statement goes on until somebody cancels it */
    static <T> T result(Future<T> future, Duration patience) throws AwaitTimeout {
        try {
            return future.toCompletionStage().toCompletableFuture().get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException failure) {
            throw typed(failure.getCause() == null ? failure : failure.getCause());
        } catch (TimeoutException timeout) {
            throw new AwaitTimeout();
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            throw new DatabaseException(SqlState.QUERY_CANCELED, "interrupted while waiting for PostgreSQL");
        }
    }

    static DatabaseException typed(Throwable failure) {
        if (failure instanceof PgException refused) {
            String code = refused.getSqlState();
            return new DatabaseException(
                    new SqlState(code),
                    ErrorText.withoutValues(new ErrorText.Told(
                            code,
                            String.valueOf(refused.getErrorMessage()),
                            refused.getRoutine(),
                            place(refused),
                            refused.getWhere())),
                    position(refused.getPosition()),
                    refused.getRoutine(),
                    ErrorText.innermostFunction(refused.getWhere()));
        }
        return new DatabaseException(SqlState.CONNECTION_FAILURE, "no connection to PostgreSQL: " + reason(failure));
    }

    /** The client keeps to itself what it objects to in a certificate. */
    private static String reason(Throwable failure) {
        return "SSL handshake failed".equals(failure.getMessage())
                ? "the TLS handshake failed: its certificate is not of an authority in sslrootcert (trust-certificate-pem), not of"
                        + " the host that the URL names, or not valid now; or it wants a certificate of ours"
                : POOL_CLOSED.equals(failure.getMessage()) ? "this service is stopping" : Reason.of(failure);
    }

    private static ErrorText.Place place(PgException refused) {
        if (refused.getPosition() != null) {
            return ErrorText.Place.STATEMENT;
        }
        return refused.getInternalPosition() == null ? ErrorText.Place.UNKNOWN : ErrorText.Place.WITHIN;
    }

    private static @Nullable Integer position(@Nullable String told) {
        return told == null || !told.chars().allMatch(Character::isDigit) || told.isEmpty() || told.length() > 9
                ? null
                : Integer.valueOf(told);
    }

    /** The client stopped waiting. */
    static final class AwaitTimeout extends Exception {
        private static final long serialVersionUID = 1L;
    }
}
