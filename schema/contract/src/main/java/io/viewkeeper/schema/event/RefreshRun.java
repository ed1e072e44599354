// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.event;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a good and a bad refresh have in common. Times are of the database server's clock.
 *
 * @param database name of the database, {@code pg_database.datname}
 * @param viewOid {@code pg_class.oid}: tells a re-created view from its predecessor
 * @param sequence grows by one per view name, good or bad
 * @param attempt 1 for the first try, one more for each retry
 * @param scheduledAt when it was due
 * @param readAt when the refresh took its snapshot; null when it failed
 * @param dataAsOf how old the data is: the least of {@code readAt} and the {@code dataAsOf} of the views that this one reads,
 *     read before the snapshot; null where that of an input is unknown, and when the refresh failed, for then the view shows what
 *     it showed before
 * @param lockWaitMillis time spent waiting for locks, sampled while it ran
 * @param instance which refresher did it
 */
public record RefreshRun(
        UUID runId,
        String database,
        ViewName view,
        long viewOid,
        String group,
        long sequence,
        int attempt,
        RefreshTrigger trigger,
        RefreshMethod method,
        Instant scheduledAt,
        Instant startedAt,
        @Nullable Instant readAt,
        @Nullable Instant dataAsOf,
        Instant finishedAt,
        long durationMillis,
        long lockWaitMillis,
        String instance) {}
