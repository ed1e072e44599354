// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics.database;

import io.vertx.sqlclient.Row;
import io.viewkeeper.schema.database.DatabaseException;
import io.viewkeeper.schema.database.Session;
import io.viewkeeper.schema.event.ViewName;
import org.jspecify.annotations.Nullable;

/** How much of shared buffers is used, from pg_buffercache, wherever it is installed. */
final class SharedBuffers {
    private static final String EXTENSION = """
        /* viewkeeper:statistics */
        select
          (
            select n.nspname
            from pg_catalog.pg_extension e
            join pg_catalog.pg_namespace n on n.oid = e.extnamespace
            where e.extname = 'pg_buffercache'
          ) as extension_schema,
          exists (
            select
            from pg_catalog.pg_extension e
            join pg_catalog.pg_proc p on p.pronamespace = e.extnamespace and p.proname = 'pg_buffercache_summary'
            where e.extname = 'pg_buffercache'
          ) as has_summary
        """;

    private record Extension(@Nullable String schema, boolean hasSummary) {}

    /** How much is used, 0 to 1, or why that is unknown. */
    sealed interface Usage {
        record Known(double share) implements Usage {}

        /** @param reason and what to do about it */
        record Unknown(String reason) implements Usage {}
    }

    private SharedBuffers() {}

    static Usage read(Session session) {
        var extension = session.queryOne(
                EXTENSION, row -> new Extension(row.getString("extension_schema"), row.getBoolean("has_summary")));
        String schema = extension.schema();
        if (schema == null) {
            return new Usage.Unknown(
                    "pg_buffercache is not installed in this database: run create extension pg_buffercache");
        }
        try {
            return session.queryOne(
                    extension.hasSummary() ? fromSummary(schema) : fromView(schema), SharedBuffers::usage);
        } catch (DatabaseException refused) {
            return unknown(refused);
        }
    }

    /** PostgreSQL 16 and newer: reads the buffers' states without locking any. */
    private static String fromSummary(String schema) {
        return """
        /* viewkeeper:statistics */
        select b.buffers_used::double precision / (b.buffers_used + b.buffers_unused) as share
        from %s() b
        """.formatted(new ViewName(schema, "pg_buffercache_summary").quoted());
    }

    /** PostgreSQL 15: a row for each buffer, 8 kB each; of many gigabytes it takes seconds and is given up. */
    private static String fromView(String schema) {
        return """
        /* viewkeeper:statistics */
        select count(b.relfilenode)::double precision / count(*) as share
        from %s b
        """.formatted(new ViewName(schema, "pg_buffercache").quoted());
    }

    private static Usage unknown(DatabaseException refused) {
        return switch (refused.sqlState().code()) {
            case "42501" ->
                new Usage.Unknown(
                        "pg_buffercache may not be read: grant pg_monitor and usage on its schema to the role of"
                                + " the metrics service (" + refused.getMessage() + ")");
            case "42883", "42P01", "3F000" ->
                new Usage.Unknown("pg_buffercache cannot be read: run alter extension pg_buffercache update ("
                        + refused.getMessage() + ")");
            case "57014" ->
                new Usage.Unknown("reading pg_buffercache took too long: on PostgreSQL 16 or newer it is quick ("
                        + refused.getMessage() + ")");
            default -> throw refused;
        };
    }

    private static Usage usage(Row row) {
        return new Usage.Known(row.getDouble("share"));
    }
}
