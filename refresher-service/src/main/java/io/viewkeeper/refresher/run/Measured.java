// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.run;

import io.vertx.sqlclient.Row;
import io.viewkeeper.refresher.change.Mark;
import io.viewkeeper.schema.event.RefreshMethod;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a refresh did, read in its own transaction before it commits.
 *
 * @param rows what was written; null for a plain refresh, which replaces the whole heap
 * @param mark of the view's content from now on, see {@link Mark}
 * @param changedByOthers whether the content was not what the last good refresh had left
 */
record Measured(
        long viewOid,
        RefreshMethod method,
        Age age,
        Instant finishedAt,
        long lockWaitMillis,
        @Nullable Rows rows,
        Size size,
        String mark,
        boolean changedByOthers) {

    /** Rows written by this transaction so far, from its own statistics. */
    record Rows(long inserted, long updated, long deleted) {
        static Rows of(Row row) {
            return new Rows(row.getLong("inserted"), row.getLong("updated"), row.getLong("deleted"));
        }

        Rows since(Rows before) {
            return new Rows(inserted - before.inserted, updated - before.updated, deleted - before.deleted);
        }

        long changed() {
            return inserted + updated + deleted;
        }
    }

    /** @param rowsEstimate null where the view was never analysed */
    record Size(@Nullable Long rowsEstimate, long bytes) {}

    boolean changed() {
        return rows == null || rows.changed() > 0 || changedByOthers;
    }
}
