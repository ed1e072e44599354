package io.viewkeeper.schema.database;

import java.util.Optional;

/** Which version of Viewkeeper's tables this code was written for; a service is not ready on any other. */
public final class SchemaVersion {
    /** The version that this code knows; the migration's last change writes it. */
    public static final int KNOWN = 5;

    private static final String SCHEMA_VERSION = """
        /* viewkeeper:schema-version */
        select version
        from viewkeeper.schema_version
        """;

    private SchemaVersion() {}

    /** Nothing when the service may work, else a sentence that says why not and what to do. */
    public static Optional<String> objection(Database database) {
        try {
            int found = database.queryOne(SCHEMA_VERSION, row -> row.getInteger(0));
            if (found == KNOWN) {
                return Optional.empty();
            }
            return Optional.of("the database has schema version " + found + ", this service knows " + KNOWN
                    + ": run the migration and the service of one release");
        } catch (DatabaseException refused) {
            if (refused.sqlState().classCode().equals("42")) {
                return Optional.of("the database has no readable schema version: run the migration ("
                        + refused.getMessage() + ")");
            }
            return Optional.of(refused.getMessage());
        }
    }
}
