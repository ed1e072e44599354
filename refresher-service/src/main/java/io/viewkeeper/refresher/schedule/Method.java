// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.schedule;

import io.viewkeeper.refresher.view.MaterializedView;
import io.viewkeeper.schema.event.ErrorCategory;
import io.viewkeeper.schema.event.RefreshMethod;

/** How a view is to be refreshed, given what it can do and what its policy allows. */
public sealed interface Method {
    /** This way. */
    record Use(RefreshMethod method) implements Method {}

    /** Not at all, and why; the reason says what would change that. */
    record Refuse(ErrorCategory category, String reason) implements Method {}

    /** Chooses; pure. */
    static Method of(MaterializedView view, PlainRefresh plain) {
        if (!view.refreshable()) {
            return new Refuse(
                    ErrorCategory.INSUFFICIENT_PRIVILEGE,
                    "the view belongs to " + view.owner()
                            + "; make viewkeeper_refresher its owner, or from PostgreSQL 17"
                            + " on grant maintain on it");
        }
        if (plain == PlainRefresh.ALWAYS) {
            return new Use(RefreshMethod.PLAIN);
        }
        if (!view.populated()) {
            return plain == PlainRefresh.NEVER
                    ? new Refuse(
                            ErrorCategory.NOT_CONCURRENT_CAPABLE,
                            "the view is not populated, so CONCURRENTLY is impossible; refresh it once by hand, or set"
                                    + " plain-refresh to unpopulated")
                    : new Use(RefreshMethod.PLAIN);
        }
        if (view.concurrentCapable()) {
            return new Use(RefreshMethod.CONCURRENT);
        }
        return plain == PlainRefresh.WHEN_NEEDED
                ? new Use(RefreshMethod.PLAIN)
                : new Refuse(
                        ErrorCategory.NOT_CONCURRENT_CAPABLE,
                        "the view has no unique index on plain columns without WHERE, so CONCURRENTLY is impossible;"
                                + " create one, or set plain-refresh to when-needed, which blocks readers");
    }
}
