package io.viewkeeper.refresher.refresh;

import io.viewkeeper.schema.event.RefreshMethod;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a refresh did, read in its own transaction before it commits.
 *
 * @param rows what was written; null for a plain refresh, which replaces the whole heap
 * @param rowsEstimate null where the view was never analysed
 */
record Measured(
        long viewOid,
        RefreshMethod method,
        Instant dataAsOf,
        Instant finishedAt,
        long lockWaitMillis,
        @Nullable Rows rows,
        @Nullable Long rowsEstimate,
        long sizeBytes) {

    /** Rows written by this transaction so far, from its own statistics. */
    record Rows(long inserted, long updated, long deleted) {
        Rows since(Rows before) {
            return new Rows(inserted - before.inserted, updated - before.updated, deleted - before.deleted);
        }

        long changed() {
            return inserted + updated + deleted;
        }
    }

    boolean changed() {
        return rows == null || rows.changed() > 0;
    }
}
