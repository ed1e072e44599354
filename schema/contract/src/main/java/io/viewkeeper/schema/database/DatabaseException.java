// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.database;

import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL, or the way to it, refused. Carries the SQLSTATE and a message that is free of row data: an error's DETAIL
 * is never kept, and what a message quotes is masked where it may be a value (see {@link ErrorText}). For the same
 * reason the client's own exception is not the cause.
 */
public class DatabaseException extends RuntimeException {
    private final SqlState sqlState;
    private final @Nullable Integer position;
    private final @Nullable String routine;
    private final @Nullable String function;

    public DatabaseException(SqlState sqlState, String message) {
        this(sqlState, message, null);
    }

    /** @param position of the error in the statement's text, see {@link #position} */
    public DatabaseException(SqlState sqlState, String message, @Nullable Integer position) {
        this(sqlState, message, position, null);
    }

    /** @param routine of the server's source that reported the error, see {@link #routine} */
    public DatabaseException(SqlState sqlState, String message, @Nullable Integer position, @Nullable String routine) {
        this(sqlState, message, position, routine, null);
    }

    /** @param function in which it happened, see {@link #function} */
    public DatabaseException(
            SqlState sqlState,
            String message,
            @Nullable Integer position,
            @Nullable String routine,
            @Nullable String function) {
        super(message);
        this.sqlState = sqlState;
        this.position = position;
        this.routine = routine;
        this.function = function;
    }

    public SqlState sqlState() {
        return sqlState;
    }

    /** Where in the statement's text, in characters (not in Java's), the first is 1; null where the server did not say. */
    public @Nullable Integer position() {
        return position;
    }

    /** Which routine of the server's source reported it, in whatever language the message is; null where it did not say. */
    public @Nullable String routine() {
        return routine;
    }

    /** The innermost function of the database in which it happened, as {@code shop.total(integer)}; null where none was told. */
    public @Nullable String function() {
        return function;
    }

    @Override
    public String getMessage() {
        return super.getMessage() + " (SQLSTATE " + sqlState.code() + ")";
    }

    /** What the server said, without the SQLSTATE. */
    public String serverMessage() {
        return String.valueOf(super.getMessage());
    }
}
