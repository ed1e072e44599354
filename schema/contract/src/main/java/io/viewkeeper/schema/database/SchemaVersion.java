// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.database;

import java.util.Optional;

/**
 * Whether this code may work with Viewkeeper's tables: they must be of the version that it was written for, or of a newer one of
 * which the migration says that it may still be read and written by this code. So a migration comes first, and services follow one
 * by one.
 */
public final class SchemaVersion {
    /** The version that this code knows; the migration's last change writes it. */
    public static final int KNOWN = 5;

    private static final String SCHEMA_VERSION = """
        /* viewkeeper:schema-version */
        select version, oldest_reader
        from viewkeeper.schema_version
        """;

    private record Range(int version, int oldestReader) {}

    private SchemaVersion() {}

    /** Nothing when the service may work, else a sentence that says why not and what to do. */
    public static Optional<String> objection(Database database) {
        try {
            return mismatch(database);
        } catch (DatabaseException unreachable) {
            return Optional.of(unreachable.getMessage());
        }
    }

    /**
     * The same of a database that answers.
     *
     * @throws DatabaseException if it does not
     */
    public static Optional<String> mismatch(Database database) {
        try {
            Range found = database.queryOne(
                    SCHEMA_VERSION, row -> new Range(row.getInteger("version"), row.getInteger("oldest_reader")));
            return judge(found);
        } catch (DatabaseException refused) {
            if (!refused.sqlState().classCode().equals("42")) {
                throw refused;
            }
            return Optional.of(
                    "the database has no schema version that this service can read: run the migration of its release ("
                            + refused.getMessage() + ")");
        }
    }

    private static Optional<String> judge(Range found) {
        if (found.version() < KNOWN) {
            return Optional.of("the database has schema version " + found.version() + ", this service needs " + KNOWN
                    + ": run the migration of its release");
        }
        return found.oldestReader() > KNOWN
                ? Optional.of("the database has schema version " + found.version() + ", for services that know "
                        + found.oldestReader() + " or a newer one; this one knows " + KNOWN
                        + ": replace it by one of the migration's release")
                : Optional.empty();
    }
}
