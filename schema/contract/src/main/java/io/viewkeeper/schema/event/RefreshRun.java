package io.viewkeeper.schema.event;

import java.time.Instant;
import java.util.Optional;
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
 * @param dataAsOf snapshot of the refresh; null when it failed, for then the view shows what it showed before
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
        @Nullable Instant dataAsOf,
        Instant finishedAt,
        long durationMillis,
        long lockWaitMillis,
        String instance) {

    /** The snapshot of the refresh, where it succeeded. */
    public Optional<Instant> snapshot() {
        return Optional.ofNullable(dataAsOf);
    }
}
