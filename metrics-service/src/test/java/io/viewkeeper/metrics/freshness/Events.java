// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics.freshness;

import io.viewkeeper.schema.event.ErrorCategory;
import io.viewkeeper.schema.event.RefreshCompleted;
import io.viewkeeper.schema.event.RefreshError;
import io.viewkeeper.schema.event.RefreshEvent;
import io.viewkeeper.schema.event.RefreshFailed;
import io.viewkeeper.schema.event.RefreshMethod;
import io.viewkeeper.schema.event.RefreshRun;
import io.viewkeeper.schema.event.RefreshTrigger;
import io.viewkeeper.schema.event.ViewName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Events of one database. A refresh takes 150 ms; its snapshot is 2 ms after its start. */
public record Events(String database) {
    private static final Duration TOOK = Duration.ofMillis(150);

    /** A refresh that succeeded. */
    public RefreshEvent completed(ViewName view, long sequence, Instant finishedAt, long sizeBytes) {
        var snapshot = snapshot(finishedAt);
        return new RefreshCompleted(
                run(view, sequence, finishedAt, snapshot), true, 1L, 0L, 1L, null, sizeBytes, null, List.of());
    }

    /** A refresh that failed; the view shows what it showed before. */
    public RefreshEvent failed(
            ViewName view, long sequence, Instant finishedAt, int failures, @Nullable Instant shows) {
        return new RefreshFailed(
                run(view, sequence, finishedAt, null),
                new RefreshError(ErrorCategory.LOCK_TIMEOUT, "55P03", "canceling statement due to lock timeout", true),
                failures,
                finishedAt.plusSeconds(10),
                false,
                shows);
    }

    /** What the view shows after a refresh that finished then. */
    public static Instant snapshot(Instant finishedAt) {
        return finishedAt.minus(TOOK).plusMillis(2);
    }

    private RefreshRun run(ViewName view, long sequence, Instant finishedAt, @Nullable Instant dataAsOf) {
        var startedAt = finishedAt.minus(TOOK);
        return new RefreshRun(
                UUID.randomUUID(),
                database,
                view,
                16_400,
                "realtime",
                sequence,
                1,
                RefreshTrigger.SCHEDULE,
                dataAsOf == null ? RefreshMethod.SKIPPED : RefreshMethod.CONCURRENT,
                startedAt,
                startedAt,
                dataAsOf,
                dataAsOf,
                finishedAt,
                TOOK.toMillis(),
                0,
                "refresher-0");
    }
}
