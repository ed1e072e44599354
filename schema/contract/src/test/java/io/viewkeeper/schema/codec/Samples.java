// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.codec;

import io.viewkeeper.schema.event.ErrorCategory;
import io.viewkeeper.schema.event.RefreshCompleted;
import io.viewkeeper.schema.event.RefreshError;
import io.viewkeeper.schema.event.RefreshFailed;
import io.viewkeeper.schema.event.RefreshMethod;
import io.viewkeeper.schema.event.RefreshRun;
import io.viewkeeper.schema.event.RefreshTrigger;
import io.viewkeeper.schema.event.ViewName;
import io.viewkeeper.schema.event.ViewState;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

final class Samples {
    private static final Instant STARTED = Instant.parse("2026-11-22T09:05:00.000123Z");

    private Samples() {}

    static RefreshCompleted completed() {
        return new RefreshCompleted(
                run(STARTED.plusMillis(2), STARTED.minusSeconds(60), RefreshMethod.CONCURRENT),
                true,
                1L,
                0L,
                1L,
                null,
                24_576,
                STARTED.minusSeconds(300),
                List.of(new ViewName("analytics", "Überblick \"eins\"")));
    }

    /** It reads a view of which nobody knows the age. */
    static RefreshCompleted ofUnknownAge() {
        return new RefreshCompleted(
                run(STARTED.plusMillis(2), null, RefreshMethod.PLAIN),
                true,
                null,
                null,
                null,
                7L,
                24_576,
                null,
                List.of(new ViewName("analytics", "nobodys")));
    }

    static RefreshFailed failed() {
        return new RefreshFailed(
                run(null, null, RefreshMethod.SKIPPED),
                new RefreshError(ErrorCategory.LOCK_TIMEOUT, "55P03", "canceling statement due to lock timeout", true),
                2,
                STARTED.plusSeconds(10),
                false,
                null);
    }

    /** Of a view that was refreshed. */
    static ViewState scheduled() {
        return new ViewState(
                "claims",
                new ViewName("analytics", "claims_daily_summary"),
                16_400,
                7,
                "daily",
                ViewState.State.SCHEDULED,
                null,
                null,
                false,
                new ViewState.Plan("every 5m", 600_000L, "takes longer than its interval", STARTED.plusSeconds(300)),
                STARTED.plusMillis(2),
                STARTED.plusMillis(500),
                new ViewState.LastRun(
                        UUID.fromString("018f3a5e-0000-7000-8000-000000000001"),
                        true,
                        RefreshMethod.CONCURRENT,
                        STARTED.plusMillis(150),
                        150,
                        2L),
                24_576L,
                0,
                null,
                42,
                STARTED.plusMillis(151));
    }

    /** Of a view that cannot be refreshed, was never, and was suspended besides. */
    static ViewState refused() {
        return new ViewState(
                "claims",
                new ViewName("analytics", "Überblick \"eins\""),
                16_401,
                1,
                "daily",
                ViewState.State.REFUSED,
                new ViewState.Refusal(ErrorCategory.NOT_CONCURRENT_CAPABLE, "no unique index"),
                STARTED,
                true,
                new ViewState.Plan("every 5m", 600_000L, null, null),
                null,
                null,
                null,
                null,
                0,
                null,
                0,
                STARTED);
    }

    /** Of a view that failed until it was suspended. */
    static ViewState suspended() {
        return new ViewState(
                "claims",
                new ViewName("analytics", "claims_daily_summary"),
                16_400,
                9,
                "daily",
                ViewState.State.SUSPENDED,
                null,
                STARTED,
                false,
                new ViewState.Plan(null, null, null, STARTED.plusSeconds(3_600)),
                null,
                null,
                new ViewState.LastRun(
                        UUID.fromString("018f3a5e-0000-7000-8000-000000000003"),
                        false,
                        RefreshMethod.SKIPPED,
                        STARTED,
                        0,
                        null),
                null,
                5,
                ErrorCategory.UNDEFINED_OBJECT,
                5,
                STARTED);
    }

    private static RefreshRun run(@Nullable Instant readAt, @Nullable Instant dataAsOf, RefreshMethod method) {
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
                readAt,
                dataAsOf,
                STARTED.plusMillis(150),
                150,
                0,
                "refresher-0");
    }
}
