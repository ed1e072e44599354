// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.status;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A run as whoever asked for it follows it.
 *
 * @param state pending, running, completed or failed
 * @param requestedBy null: the schedule did
 * @param scheduledAt when it became due
 * @param startedAt null while it is pending
 * @param elapsedMs so far, or all in all; null while it is pending
 * @param expectedDurationMs what its refreshes took so far; null when that is not known
 * @param phase what it is doing, while it runs
 * @param blockedBy processes (pg_stat_activity.pid) that hold the lock that it waits for
 * @param cancelledBy who asked for its end, while it runs
 * @param result its row of analytics.view_refresh_log, once it has finished
 */
public record RunStatus(
        UUID runId,
        String view,
        String state,
        @Nullable String group,
        String trigger,
        int attempt,
        @Nullable String requestedBy,
        @Nullable Instant scheduledAt,
        @Nullable Instant startedAt,
        @Nullable Long elapsedMs,
        @Nullable Long expectedDurationMs,
        @Nullable String phase,
        List<Integer> blockedBy,
        @Nullable String cancelledBy,
        @Nullable RefreshRecord result) {

    /** What a backend is doing. */
    record Phase(@Nullable String text, List<Integer> blockedBy) {
        static final Phase NONE = new Phase(null, List.of());
    }
}
