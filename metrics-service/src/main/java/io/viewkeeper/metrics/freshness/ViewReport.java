// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics.freshness;

import io.viewkeeper.metrics.freshness.StoredView.Schedule;
import io.viewkeeper.schema.event.ViewName;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a view at one moment.
 *
 * @param sequence of the newest run that is known, from whatever source; 0 before the first
 * @param lastEventSequence the newest that an event told of; null before the first event
 * @param dataTimestamp snapshot of what the view shows; null if it was never refreshed
 * @param successRate 0 to 1, empty without an attempt in the window
 * @param completedRuns since this process began to count
 * @param failedRuns since this process began to count
 */
public record ViewReport(
        ViewName name,
        Instant now,
        long sequence,
        @Nullable Long lastEventSequence,
        @Nullable Instant dataTimestamp,
        @Nullable FinishedRun lastRun,
        int consecutiveFailures,
        @Nullable Long sizeBytes,
        Schedule schedule,
        OptionalDouble successRate,
        long completedRuns,
        long failedRuns) {

    /** Age of the data in minutes, never negative; infinite if the view was never refreshed. */
    double stalenessMinutes() {
        if (dataTimestamp == null) {
            return Double.POSITIVE_INFINITY;
        }
        return Math.max(0, Duration.between(dataTimestamp, now).toMillis() / 60_000.0);
    }
}
