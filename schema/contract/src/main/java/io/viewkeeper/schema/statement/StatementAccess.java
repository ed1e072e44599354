// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.statement;

import io.vertx.sqlclient.Row;
import io.viewkeeper.schema.database.DatabaseException;
import io.viewkeeper.schema.database.Instants;
import io.viewkeeper.schema.database.Session;
import io.viewkeeper.schema.event.ViewName;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a session sees of pg_stat_statements: a question that always has an answer.
 *
 * @param role whose session it is
 * @param seesAll whether the server shows what others execute
 * @param name of the view and of its function, qualified and quoted; null where the extension is not in this database
 * @param tellsSince whether it says since when each entry was counted (extension 1.11, PostgreSQL 17)
 * @param sampledAt by the server's clock
 */
public record StatementAccess(
        String role,
        boolean superuser,
        boolean seesAll,
        @Nullable String name,
        boolean tellsSince,
        Settings settings,
        Instant sampledAt,
        Instant serverStarted) {
    private static final String ASK = """
        /* viewkeeper:statements */
        select
          current_user::text as who,
          r.rolsuper as superuser,
          pg_catalog.pg_has_role(current_user, 'pg_read_all_stats', 'usage') as sees_all,
          (
            select n.nspname
            from pg_catalog.pg_extension e
            join pg_catalog.pg_namespace n on n.oid = e.extnamespace
            where e.extname = 'pg_stat_statements'
          ) as extension_schema,
          exists (
            select
            from pg_catalog.pg_extension e
            join pg_catalog.pg_proc p on p.pronamespace = e.extnamespace and p.proname = 'pg_stat_statements'
            where e.extname = 'pg_stat_statements'
              and 'stats_since' = any (p.proargnames)
          ) as tells_since,
          pg_catalog.current_setting('compute_query_id') as compute_query_id,
          pg_catalog.current_setting('pg_stat_statements.track', true) as track,
          pg_catalog.current_setting('pg_stat_statements.max', true) as max_entries,
          pg_catalog.clock_timestamp() as sampled_at,
          pg_catalog.pg_postmaster_start_time() as server_started
        from pg_catalog.pg_roles r
        where r.rolname = current_user
        """;

    public static final Notice NOT_INSTALLED = new Notice(
            "extension-missing",
            "pg_stat_statements is not installed in this database: put it into shared_preload_libraries, restart, and run"
                    + " create extension pg_stat_statements");

    /**
     * How the server counts.
     *
     * @param track null where the library is not loaded
     * @param maxEntries null where the library is not loaded
     */
    public record Settings(
            String computeQueryId,
            @Nullable String track,
            @Nullable String maxEntries) {}

    public static StatementAccess of(Session session) {
        return session.queryOne(ASK, StatementAccess::read);
    }

    /** The server withholds the texts of what others execute, and their queryids. */
    public Notice seesOwnOnly() {
        return new Notice(
                "privilege-missing",
                "%1$s may not see what others execute: grant pg_monitor (or pg_read_all_stats) to %1$s"
                        .formatted(role));
    }

    /** What a refusal to be read means; empty where it has nothing to do with the extension. */
    public static Optional<Notice> refusal(DatabaseException refused) {
        return switch (refused.sqlState().code()) {
            case "55000" ->
                Optional.of(
                        new Notice(
                                "not-preloaded",
                                "pg_stat_statements is installed but not loaded: put it into shared_preload_libraries, and restart"));
            case "42501" ->
                Optional.of(new Notice(
                        "privilege-missing",
                        "pg_stat_statements may not be read: grant pg_monitor, usage on its schema and execute on its functions"
                                + " to this service's role (" + refused.getMessage() + ")"));
            // As it came with pg_upgrade from 13.
            case "42703" ->
                Optional.of(new Notice(
                        "outdated",
                        "pg_stat_statements is of an older version than the server: run alter extension pg_stat_statements"
                                + " update (" + refused.getMessage() + ")"));
            // Dropped in between, or its functions are no longer those of the extension.
            case "42883", "3F000" ->
                Optional.of(new Notice(
                        "unreadable",
                        "pg_stat_statements cannot be read: drop and create the extension (" + refused.getMessage()
                                + ")"));
            default -> Optional.empty();
        };
    }

    private static StatementAccess read(Row row) {
        @Nullable String schema = row.getString("extension_schema");
        return new StatementAccess(
                row.getString("who"),
                row.getBoolean("superuser"),
                row.getBoolean("sees_all"),
                schema == null ? null : new ViewName(schema, "pg_stat_statements").quoted(),
                row.getBoolean("tells_since"),
                new Settings(row.getString("compute_query_id"), row.getString("track"), row.getString("max_entries")),
                Instants.of(row, "sampled_at"),
                Instants.of(row, "server_started"));
    }
}
