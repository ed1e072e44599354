package io.viewkeeper.schema.codec;

import io.viewkeeper.schema.event.ErrorCategory;
import io.viewkeeper.schema.event.RefreshCompleted;
import io.viewkeeper.schema.event.RefreshError;
import io.viewkeeper.schema.event.RefreshFailed;
import io.viewkeeper.schema.event.RefreshMethod;
import io.viewkeeper.schema.event.RefreshRun;
import io.viewkeeper.schema.event.RefreshTrigger;
import io.viewkeeper.schema.event.ViewName;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

final class Samples {
    private static final Instant STARTED = Instant.parse("2026-11-22T09:05:00.000123Z");

    private Samples() {}

    static RefreshCompleted completed() {
        return new RefreshCompleted(
                run(STARTED.plusMillis(2), RefreshMethod.CONCURRENT),
                true,
                1L,
                0L,
                1L,
                null,
                24_576,
                STARTED.minusSeconds(300),
                List.of(new ViewName("analytics", "Überblick \"eins\"")));
    }

    static RefreshFailed failed() {
        return new RefreshFailed(
                run(null, RefreshMethod.SKIPPED),
                new RefreshError(ErrorCategory.LOCK_TIMEOUT, "55P03", "canceling statement due to lock timeout", true),
                2,
                STARTED.plusSeconds(10),
                false,
                null);
    }

    private static RefreshRun run(@Nullable Instant dataAsOf, RefreshMethod method) {
        return new RefreshRun(
                UUID.fromString("018f3a5e-0000-7000-8000-000000000001"),
                "claims",
                new ViewName("analytics", "claims_daily_summary"),
                16_400,
                "daily",
                42,
                1,
                RefreshTrigger.SCHEDULE,
                method,
                STARTED,
                STARTED,
                dataAsOf,
                STARTED.plusMillis(150),
                150,
                0,
                "refresher-0");
    }
}
