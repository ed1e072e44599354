// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.status;

import io.vertx.sqlclient.Row;
import io.viewkeeper.schema.database.Instants;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A row of {@code analytics.view_refresh_log}: one finished refresh, good or bad. */
public record RefreshRecord(
        UUID runId,
        String group,
        String trigger,
        String method,
        String status,
        Instant scheduledAt,
        Instant startedAt,
        @Nullable Instant readAt,
        @Nullable Instant dataAsOf,
        Instant finishedAt,
        long durationMs,
        long lockWaitMs,
        @Nullable Boolean changed,
        @Nullable Long rowsInserted,
        @Nullable Long rowsUpdated,
        @Nullable Long rowsDeleted,
        @Nullable Long sizeBytes,
        @Nullable String errorCategory,
        @Nullable String sqlState,
        @Nullable String errorMessage,
        int attempt,
        long sequence,
        String instance,
        @Nullable String requestedBy) {

    static final String COLUMNS = """
        /* viewkeeper:refresh-records */
        select
          run_id, view_group, trigger, method, status, scheduled_at, started_at, data_as_of, refresh_time, duration_ms,
          lock_wait_ms, rows_inserted, rows_updated, rows_deleted, size_bytes, error_category, sqlstate, error_message,
          attempt, sequence, instance, requested_by, read_at, changed
        from analytics.view_refresh_log
        """;

    static final String OF_RUN = COLUMNS + "where run_id = $1\n";

    static RefreshRecord read(Row row) {
        return new RefreshRecord(
                row.getUUID("run_id"),
                row.getString("view_group"),
                row.getString("trigger"),
                row.getString("method"),
                row.getString("status"),
                Instants.of(row, "scheduled_at"),
                Instants.of(row, "started_at"),
                Instants.orNull(row, "read_at"),
                Instants.orNull(row, "data_as_of"),
                Instants.of(row, "refresh_time"),
                row.getLong("duration_ms"),
                row.getLong("lock_wait_ms"),
                row.getBoolean("changed"),
                row.getLong("rows_inserted"),
                row.getLong("rows_updated"),
                row.getLong("rows_deleted"),
                row.getLong("size_bytes"),
                row.getString("error_category"),
                row.getString("sqlstate"),
                row.getString("error_message"),
                row.getInteger("attempt"),
                row.getLong("sequence"),
                row.getString("instance"),
                row.getString("requested_by"));
    }
}
