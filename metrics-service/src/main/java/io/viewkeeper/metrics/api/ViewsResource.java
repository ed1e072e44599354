// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics.api;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.viewkeeper.metrics.freshness.Freshness;
import io.viewkeeper.metrics.freshness.ViewReport;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What the service holds of each view. */
@Path("/views")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "views")
public class ViewsResource {
    private final Freshness freshness;

    ViewsResource(Freshness freshness) {
        this.freshness = freshness;
    }

    /** Every view that exists, by name, whether it has series or not. */
    @GET
    @RunOnVirtualThread
    @Operation(
            operationId = "views",
            summary = "What the service knows of each view",
            description = "Read from memory. Empty until the state was read from the database for the first time.")
    public List<View> views() {
        String database = freshness.database();
        return freshness.reports().stream()
                .map(report -> View.of(database, report))
                .toList();
    }

    /** A view in an answer. */
    @Schema(name = "View")
    public record View(
            String database,

            @Schema(description = "schema.name, as the key of its records")
            String view,

            String schema,
            String name,

            @Schema(description = "Snapshot of what the view shows; null if it was never refreshed", nullable = true)
            @Nullable
            Instant dataTimestamp,

            @Schema(
                    description =
                            "The newest refresh that is known, from an event or from the database; 0 before the first")
            long sequence,

            @Schema(
                    description = "The newest refresh of which this process read an event; null before the first",
                    nullable = true)
            @Nullable
            Long lastEventSequence,

            @Schema(nullable = true) @Nullable Boolean lastAttemptSucceeded,
            int consecutiveFailures,
            @Schema(nullable = true) @Nullable Instant nextRefresh,

            @Schema(
                    description = "Successes divided by attempts over 24 hours; null without an attempt",
                    nullable = true)
            @Nullable
            Double successRate) {

        static View of(String database, ViewReport report) {
            var lastRun = report.lastRun();
            return new View(
                    database,
                    report.name().toString(),
                    report.name().schema(),
                    report.name().name(),
                    report.dataTimestamp(),
                    report.sequence(),
                    report.lastEventSequence(),
                    lastRun == null ? null : lastRun.succeeded(),
                    report.consecutiveFailures(),
                    report.schedule().nextRefresh(),
                    report.successRate().isPresent() ? report.successRate().getAsDouble() : null);
        }
    }
}
