package io.viewkeeper.schema.database;

/**
 * PostgreSQL, or the way to it, refused. Carries the SQLSTATE and a message that is free of row data: an error's DETAIL
 * is never kept, and what a message quotes is masked where it may be a value (see {@link ErrorText}). For the same
 * reason the client's own exception is not the cause.
 */
public class DatabaseException extends RuntimeException {
    private final SqlState sqlState;

    public DatabaseException(SqlState sqlState, String message) {
        super(message);
        this.sqlState = sqlState;
    }

    public SqlState sqlState() {
        return sqlState;
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
