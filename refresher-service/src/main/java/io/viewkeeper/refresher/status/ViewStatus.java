// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.status;

import io.vertx.sqlclient.Row;
import io.viewkeeper.schema.database.Instants;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A view as operators see it.
 *
 * @param group null: no group's pattern matches, it is not refreshed
 * @param refusal why it cannot be refreshed as wished; null when it can
 * @param dataAsOf how old its data is: the snapshot of the last good refresh or, where older, that of what it read; null when that
 *     is unknown
 * @param readAt snapshot of the last good refresh; null when there was none
 * @param changeNoticedAt when a change that was not Viewkeeper's was noticed, since the last good refresh; null when there was none
 * @param lastRowsChanged rows that the last refresh wrote; null when it was plain or failed
 * @param schedule the interval or cron expression, as the settings say it
 * @param targetRisk why the freshness target cannot be met; null when it can
 * @param suspendedAt since when no refresh is tried; null when it is not suspended
 * @param suspendedBy who suspended it; null when its failures did
 * @param runningRunId the run under way
 * @param pendingRunId the run that somebody asked for and that has not begun
 * @param waitsFor what keeps it, while it is due; null when it is not due, or runs
 */
public record ViewStatus(
        String schema,
        String name,
        @Nullable String group,
        @Nullable String refusal,
        @Nullable Instant dataAsOf,
        @Nullable Instant readAt,
        @Nullable Instant changeNoticedAt,
        @Nullable Long freshnessTargetMs,
        @Nullable Instant nextDueAt,
        @Nullable String lastStatus,
        @Nullable String lastMethod,
        @Nullable UUID lastRunId,
        @Nullable Instant lastStartedAt,
        @Nullable Instant lastFinishedAt,
        @Nullable Long lastDurationMs,
        @Nullable Long lastRowsChanged,
        @Nullable Long sizeBytes,
        int consecutiveFailures,
        @Nullable String lastErrorCategory,
        @Nullable String lastErrorMessage,
        long sequence,
        @Nullable String schedule,
        int priority,
        @Nullable String targetRisk,
        @Nullable Instant suspendedAt,
        @Nullable String suspendedBy,
        @Nullable String suspendedReason,
        @Nullable UUID runningRunId,
        @Nullable UUID pendingRunId,
        @Nullable Waiting waitsFor) {

    /**
     * Why its refresh has not begun.
     *
     * @param reason input, group, load, place or refresher; more may come
     */
    public record Waiting(String reason, String detail) {
        static @Nullable Waiting read(Row row) {
            String reason = row.getString("wait_reason");
            return reason == null ? null : new Waiting(reason, row.getString("wait_detail"));
        }
    }

    static ViewStatus read(Row row) {
        return new ViewStatus(
                row.getString("view_schema"),
                row.getString("view_name"),
                row.getString("view_group"),
                row.getString("refusal"),
                Instants.orNull(row, "data_as_of"),
                Instants.orNull(row, "read_at"),
                Instants.orNull(row, "change_noticed_at"),
                row.getLong("freshness_target_ms"),
                Instants.orNull(row, "next_due_at"),
                row.getString("last_status"),
                row.getString("last_method"),
                row.getUUID("last_run_id"),
                Instants.orNull(row, "last_started_at"),
                Instants.orNull(row, "last_finished_at"),
                row.getLong("last_duration_ms"),
                row.getLong("last_rows_changed"),
                row.getLong("size_bytes"),
                row.getInteger("consecutive_failures"),
                row.getString("last_error_category"),
                row.getString("last_error_message"),
                row.getLong("event_sequence"),
                row.getString("schedule"),
                row.getInteger("priority"),
                row.getString("target_risk"),
                Instants.orNull(row, "suspended_at"),
                row.getString("suspended_by"),
                row.getString("suspended_reason"),
                row.getUUID("running_run_id"),
                row.getUUID("pending_run_id"),
                Waiting.read(row));
    }
}
