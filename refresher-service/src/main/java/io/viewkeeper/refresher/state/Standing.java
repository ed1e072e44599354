// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.state;

import io.vertx.sqlclient.Row;
import io.viewkeeper.refresher.view.ViewNames;
import io.viewkeeper.schema.database.Instants;
import io.viewkeeper.schema.event.ViewName;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a view stands whose row is locked.
 *
 * @param sequence of its last event
 * @param lasting of its consecutive failures, those of a kind that does not pass by itself
 * @param held something stands between the view and any further attempt
 * @param moment the server's time
 */
public record Standing(
        ViewName view,
        long sequence,
        @Nullable Instant dataAsOf,
        int failures,
        int lasting,
        boolean suspended,
        boolean held,
        Instant moment) {
    static Standing read(Row row) {
        return new Standing(
                ViewNames.of(row),
                row.getLong("event_sequence"),
                Instants.orNull(row, "data_as_of"),
                row.getInteger("consecutive_failures"),
                row.getInteger("lasting_failures"),
                row.getBoolean("suspended"),
                row.getBoolean("held"),
                Instants.of(row, "moment"));
    }
}
