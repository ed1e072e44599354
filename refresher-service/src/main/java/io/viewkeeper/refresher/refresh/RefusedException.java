package io.viewkeeper.refresher.refresh;

import io.viewkeeper.schema.database.DatabaseException;
import io.viewkeeper.schema.database.SqlState;
import io.viewkeeper.schema.event.ErrorCategory;

/** We refused ourselves, before PostgreSQL would have: the view lost what its refresh needs since it was found. */
final class RefusedException extends DatabaseException {
    private static final SqlState PREREQUISITE = new SqlState("55000");

    private final ErrorCategory category;

    RefusedException(ErrorCategory category, String reason) {
        super(PREREQUISITE, reason);
        this.category = category;
    }

    ErrorCategory category() {
        return category;
    }
}
