// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.event;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The view shows new data (or the same, if nothing had changed).
 *
 * @param changed false only when a concurrent refresh found no difference, and nobody else has refreshed or re-created the
 *     view since the last event: a consumer may skip its work
 * @param rowsInserted from the transaction's own statistics; null for a plain refresh, which replaces the whole heap
 * @param rowsUpdated as above; PostgreSQL writes a changed row as one deleted and one inserted
 * @param rowsDeleted as above
 * @param rowsEstimate {@code pg_class.reltuples}; null where the view was never analysed
 * @param sizeBytes of the view with its indexes and TOAST
 * @param previousDataAsOf {@code dataAsOf} of the last good refresh before this one; null for the first of this view (another
 *     oid is another view) and where it was unknown
 * @param staleInputs views that this one reads, through all levels, that are older than they should be, are not refreshed, or of
 *     which nobody knows the age
 */
public record RefreshCompleted(
        RefreshRun run,
        boolean changed,
        @Nullable Long rowsInserted,
        @Nullable Long rowsUpdated,
        @Nullable Long rowsDeleted,
        @Nullable Long rowsEstimate,
        long sizeBytes,
        @Nullable Instant previousDataAsOf,
        List<ViewName> staleInputs)
        implements RefreshEvent {

    public static final String TYPE = "io.viewkeeper.refresh-completed.v1";
    public static final String DATA_SCHEMA = "https://viewkeeper.io/schema/refresh-completed.v1.schema.json";

    public RefreshCompleted {
        staleInputs = List.copyOf(staleInputs);
    }

    /** Rows that it wrote; null for a plain refresh. */
    public @Nullable Long rowsChanged() {
        return rowsInserted == null || rowsUpdated == null || rowsDeleted == null
                ? null
                : Long.valueOf(rowsInserted + rowsUpdated + rowsDeleted);
    }

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public String dataSchema() {
        return DATA_SCHEMA;
    }
}
