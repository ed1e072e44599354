// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.run;

import io.viewkeeper.schema.database.DatabaseException;
import io.viewkeeper.schema.database.SqlState;
import io.viewkeeper.schema.event.ErrorCategory;

/** We refused ourselves, before PostgreSQL would have. */
final class RefusedException extends DatabaseException {
    private static final long serialVersionUID = 1;
    private static final SqlState PREREQUISITE = new SqlState("55000");

    private final ErrorCategory category;
    private final boolean retryable;

    RefusedException(ErrorCategory category, String reason) {
        this(category, reason, false);
    }

    RefusedException(ErrorCategory category, String reason, boolean retryable) {
        super(PREREQUISITE, reason);
        this.category = category;
        this.retryable = retryable;
    }

    ErrorCategory category() {
        return category;
    }

    boolean retryable() {
        return retryable;
    }
}
