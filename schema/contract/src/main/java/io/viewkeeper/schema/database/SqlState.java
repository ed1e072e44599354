// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.database;

import java.util.Set;

/**
 * A PostgreSQL error code, five characters. Source: the manual's appendix "PostgreSQL Error Codes".
 *
 * @param code for example {@code 40001}
 */
public record SqlState(String code) {
    /** What the gateway reports where the connection broke and the server could say nothing. */
    public static final SqlState CONNECTION_FAILURE = new SqlState("08006");

    /** What the gateway reports where the client stopped waiting; the server was told to cancel. */
    public static final SqlState QUERY_CANCELED = new SqlState("57014");

    /** A row was changed after the snapshot of a REPEATABLE READ transaction that changes it, too. */
    public static final SqlState SERIALIZATION_FAILURE = new SqlState("40001");

    public static final SqlState LOCK_NOT_AVAILABLE = new SqlState("55P03");

    /** A write in a session that may only read: the server is, or was when the session began, read-only or a standby. */
    public static final SqlState READ_ONLY_TRANSACTION = new SqlState("25006");

    private static final Set<String> RETRYABLE =
            Set.of("40001", "40P01", "55P03", "57P01", "57P02", "57P03", "57P05", "53300", "25006");

    /** The first two characters: what kind of error. */
    public String classCode() {
        return code.substring(0, 2);
    }

    /** Whether trying again, with nothing else changed, can help. */
    public boolean retryable() {
        return RETRYABLE.contains(code) || connectionLost();
    }

    /** Whether the session is gone, so that nothing is known of what it was doing. */
    public boolean connectionLost() {
        return classCode().equals("08") || code.startsWith("57P0");
    }
}
