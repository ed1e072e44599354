// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.run;

import io.viewkeeper.schema.database.DatabaseException;
import io.viewkeeper.schema.database.SqlState;
import io.viewkeeper.schema.event.ErrorCategory;
import io.viewkeeper.schema.event.RefreshError;
import java.util.Set;

/** Names what kind of thing went wrong, from the SQLSTATE. Pure. */
final class Failure {
    private static final SqlState CARDINALITY_VIOLATION = new SqlState("21000");

    /** Where a concurrent refresh finds two equal rows (matview.c). A message may be in any language. */
    private static final String MERGE = "refresh_by_match_merge";

    /** Where it finds that it cannot begin: in 15 and 16, and from 17 on. */
    private static final Set<String> BEGINS = Set.of("ExecRefreshMatView", "RefreshMatViewByOid");

    /**
     * Where a query finds that a materialized view that it reads has no data (execUtils.c), and where somebody else, with a GRANT for
     * example, was faster to change the view's row of the catalog (heapam.c).
     */
    private static final Set<String> PASSING_IN = Set.of("ExecOpenScanRelation", "simple_heap_update");

    /** What a view's query may not do, whoever owns the view: REFRESH restricts it (tablecmds.c, utility.c, portalcmds.c, trigger.c). */
    private static final Set<String> RESTRICTED =
            Set.of("DefineRelation", "CheckRestrictedOperation", "PerformCursorOpen", "afterTriggerMarkEvents");

    /** The same of a setting (guc.c), where only the text tells. */
    private static final String RESTRICTED_TEXT = "security-restricted operation";

    /** Where a query finds that row security, which is off during a refresh, would leave rows out (rls.c). */
    private static final String ROW_SECURITY = "check_enable_rls";

    /**
     * Beside those that may simply be repeated: disk full, out of memory, I/O error, object in use; a foreign server away, as
     * wrappers other than that for PostgreSQL report it (theirs is class 08).
     */
    private static final Set<String> PASSING = Set.of("53100", "53200", "58030", "55006", "HV000", "HV00N");

    private Failure() {}

    static RefreshError of(DatabaseException failure) {
        if (failure instanceof RefusedException refused) {
            return new RefreshError(refused.category(), null, refused.serverMessage(), refused.retryable());
        }
        SqlState state = failure.sqlState();
        boolean retryable = retryable(state, String.valueOf(failure.routine()));
        return new RefreshError(category(failure), state.code(), message(failure), retryable);
    }

    /** A limit on the statement that was spent on waiting for locks is one on the wait. */
    static RefreshError ofWaiting(RefreshError timeout) {
        return new RefreshError(
                timeout.category(),
                timeout.sqlState(),
                timeout.message() + "; it waited for locks most of the time",
                true);
    }

    /**
     * Whether the cause may go away with nobody mending the view: a lock, a restart, a foreign server that is away, a full disk, a
     * privilege that was revoked and is granted again, an input that is not populated yet. Such failures never suspend a view.
     */
    static boolean passes(RefreshError error) {
        return error.retryable()
                || error.category() == ErrorCategory.INSUFFICIENT_PRIVILEGE
                || error.category() == ErrorCategory.ORPHANED;
    }

    /** The server's words and, where they leave people helpless, what to do. */
    private static String message(DatabaseException failure) {
        String said = failure.function() == null
                ? failure.serverMessage()
                : failure.serverMessage() + "; in the function " + failure.function();
        if (isRestricted(failure)) {
            return said
                    + "; no privilege helps: REFRESH lets a view's query create no temporary tables and change no settings or roles."
                    + " Write the function without them: with CTEs, arrays or \"set\" clauses of its own";
        }
        return ROW_SECURITY.equals(failure.routine())
                ? said
                        + "; the view's owner must be one whom no policy restricts: the table's owner, or a role with BYPASSRLS"
                : said;
    }

    private static boolean isRestricted(DatabaseException failure) {
        return failure.sqlState().code().equals("42501")
                && (RESTRICTED.contains(String.valueOf(failure.routine()))
                        || failure.serverMessage().contains(RESTRICTED_TEXT));
    }

    private static boolean retryable(SqlState state, String routine) {
        return state.retryable() || PASSING.contains(state.code()) || PASSING_IN.contains(routine);
    }

    private static ErrorCategory category(DatabaseException failure) {
        SqlState state = failure.sqlState();
        String routine = String.valueOf(failure.routine());
        // The SQLSTATE has other uses.
        if (state.equals(CARDINALITY_VIOLATION) && routine.equals(MERGE)) {
            return ErrorCategory.UNIQUE_VIOLATION;
        }
        // 55000 also means that a view reads one that was never populated, 0A000 almost anything.
        if (Set.of("55000", "0A000").contains(state.code()) && BEGINS.contains(routine)) {
            return ErrorCategory.NOT_CONCURRENT_CAPABLE;
        }
        if (isRestricted(failure)) {
            return ErrorCategory.OTHER;
        }
        return switch (state.code()) {
            case "55P03" -> ErrorCategory.LOCK_TIMEOUT;
            case "57014" -> ErrorCategory.STATEMENT_TIMEOUT;
            case "40P01" -> ErrorCategory.DEADLOCK;
            case "23505" -> ErrorCategory.UNIQUE_VIOLATION;
            case "42P01", "42703", "42883", "42704", "3F000" -> ErrorCategory.UNDEFINED_OBJECT;
            case "42501" -> ErrorCategory.INSUFFICIENT_PRIVILEGE;
            default -> byClass(state);
        };
    }

    private static ErrorCategory byClass(SqlState state) {
        if (state.connectionLost()) {
            return ErrorCategory.CONNECTION_LOST;
        }
        return switch (state.classCode()) {
            case "22" -> ErrorCategory.DATA_ERROR;
            case "53" -> ErrorCategory.OUT_OF_RESOURCES;
            default -> ErrorCategory.OTHER;
        };
    }
}
