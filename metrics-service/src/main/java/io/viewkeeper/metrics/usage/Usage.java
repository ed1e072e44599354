// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics.usage;

import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** How the views are used. */
@Schema(name = "Usage")
public record Usage(
        @Schema(
                description = "Since when statements are counted; null while they are not, because"
                        + " pg_stat_statements is missing or was not read yet",
                nullable = true)
        @Nullable
        Instant observedSince,

        @Schema(
                description = "Up to when each call is counted for the views that it read; older than now where"
                        + " statements, or the texts of some, cannot be read",
                nullable = true)
        @Nullable
        Instant observedUntil,

        @Schema(description = "Without a read for this long a view that is refreshed counts as unread")
        long unreadAfterSeconds,

        List<View> views) {
    /** One view. */
    @Schema(name = "ViewUsage")
    public record View(
            @Schema(description = "schema.name, as the key of its records")
            String view,

            @Schema(description = "Calls of statements that read it, since they are counted")
            long reads,

            @Schema(
                    description =
                            "Over the last five minutes (viewkeeper.metrics.usage.window); null if statements were"
                                    + " not counted in them",
                    nullable = true)
            @Nullable
            Double readsPerMinute,

            @Schema(
                    description = "Of the last five minutes (viewkeeper.metrics.usage.window); null without a read",
                    nullable = true)
            @Nullable
            Double meanMillis,

            @Schema(nullable = true) @Nullable Instant lastRead,

            @Schema(description = "Successful refreshes since this process started")
            long refreshes,

            @Schema(description = "What all refreshes took since this process started, good or bad")
            double refreshSeconds,

            @Schema(description = "refreshSeconds divided by reads; null without a read", nullable = true) @Nullable
            Double refreshSecondsPerRead,

            @Schema(description = "The materialized views that are computed from it")
            List<String> feeds,

            @Schema(
                    description =
                            "Refreshed, and neither read for unreadAfterSeconds, up to observedUntil, nor computed from")
            boolean unread) {}
}
