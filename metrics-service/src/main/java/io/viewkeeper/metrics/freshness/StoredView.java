// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics.freshness;

import io.viewkeeper.schema.event.ViewName;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A view as {@code viewkeeper.view_state} has it.
 *
 * @param sequence of the last run, good or bad; 0 before the first
 * @param lastRun null before the first
 */
public record StoredView(
        ViewName name,
        long sequence,
        @Nullable Instant dataTimestamp,
        @Nullable FinishedRun lastRun,
        int consecutiveFailures,
        @Nullable Long sizeBytes,
        Schedule schedule) {

    /**
     * When the view is due, and how fresh it should be; either may be unknown. Only the database tells it.
     *
     * @param suspended by its failures or by somebody
     */
    public record Schedule(
            @Nullable Instant nextRefresh, @Nullable Duration freshnessTarget, boolean suspended) {
        static final Schedule NONE = new Schedule(null, null, false);
    }
}
