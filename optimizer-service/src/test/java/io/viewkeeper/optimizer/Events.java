// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer;

import io.viewkeeper.schema.event.ErrorCategory;
import io.viewkeeper.schema.event.RefreshCompleted;
import io.viewkeeper.schema.event.RefreshError;
import io.viewkeeper.schema.event.RefreshEvent;
import io.viewkeeper.schema.event.RefreshFailed;
import io.viewkeeper.schema.event.RefreshMethod;
import io.viewkeeper.schema.event.RefreshRun;
import io.viewkeeper.schema.event.RefreshTrigger;
import io.viewkeeper.schema.event.ViewName;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Events of one database. */
record Events(String database) {
    RefreshEvent completed(ViewName view, long sequence, Instant finishedAt) {
        return new RefreshCompleted(
                run(view, sequence, finishedAt, finishedAt.minusMillis(148)),
                true,
                1L,
                0L,
                1L,
                null,
                8_192,
                null,
                List.of());
    }

    RefreshEvent failed(ViewName view, long sequence, Instant finishedAt) {
        return new RefreshFailed(
                run(view, sequence, finishedAt, null),
                new RefreshError(ErrorCategory.LOCK_TIMEOUT, "55P03", "canceling statement due to lock timeout", true),
                1,
                finishedAt.plusSeconds(10),
                false,
                null);
    }

    private RefreshRun run(ViewName view, long sequence, Instant finishedAt, @Nullable Instant dataAsOf) {
        var startedAt = finishedAt.minusMillis(150);
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
                150,
                0,
                "refresher-0");
    }
}
