// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.api;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.viewkeeper.optimizer.event.InboxEntry;
import io.viewkeeper.optimizer.event.RefreshInbox;
import io.viewkeeper.schema.service.http.Parameters;
import io.viewkeeper.schema.service.http.Problem;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** The refreshes that this service was told of. */
@Path("/refreshes")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "refreshes")
public class RefreshesResource {
    private final RefreshInbox inbox;
    private final Answers answers;

    RefreshesResource(RefreshInbox inbox, Answers answers) {
        this.inbox = inbox;
        this.answers = answers;
    }

    /** Newest first; of one view in descending order of sequence. */
    @GET
    @RunOnVirtualThread
    @Operation(operationId = "refreshes", summary = "The refreshes that this service was told of, newest first")
    @APIResponse(responseCode = "200", description = "The refreshes")
    @APIResponse(
            responseCode = "400",
            description = "A parameter is wrong; the message says how",
            content = @Content(schema = @Schema(implementation = Problem.class)))
    @APIResponse(
            responseCode = "503",
            description = "The database does not answer",
            content = @Content(schema = @Schema(implementation = Problem.class)))
    public List<Refresh> refreshes(
            @Parameter(description = "Only of this view, schema.name") @QueryParam("view") @Nullable String view,
            @Parameter(
                            description = "How many at most, 1 to 1000",
                            schema = @Schema(implementation = Integer.class, defaultValue = "100"))
                    @QueryParam("limit")
                    @Nullable
                    String limit) {
        int count = Parameters.limit(limit);
        var asked = Optional.ofNullable(view).map(Parameters::view);
        return answers.read(
                () -> asked.map(name -> inbox.recentOf(name, count)).orElseGet(() -> inbox.recent(count)).stream()
                        .map(Refresh::of)
                        .toList());
    }

    /** A refresh in an answer. */
    @Schema(name = "Refresh")
    public record Refresh(
            @Schema(description = "The ce_id of the event") UUID eventId,

            @Schema(description = "The ce_type of the event")
            String type,

            @Schema(description = "schema.name, as the key of the record")
            String view,

            String schema,
            String name,
            String group,
            @Schema(description = "Grows by one per view") long sequence,
            UUID runId,
            String method,
            Instant finishedAt,

            @Schema(description = "Snapshot of the refresh; null when it failed", nullable = true) @Nullable
            Instant dataAsOf,

            @Schema(description = "Null when it failed", nullable = true) @Nullable
            Boolean changed,

            @Schema(description = "Null when it succeeded", nullable = true) @Nullable
            String errorCategory,

            Instant receivedAt) {

        static Refresh of(InboxEntry entry) {
            return new Refresh(
                    entry.eventId(),
                    entry.type(),
                    entry.view().toString(),
                    entry.view().schema(),
                    entry.view().name(),
                    entry.group(),
                    entry.sequence(),
                    entry.runId(),
                    entry.method(),
                    entry.finishedAt(),
                    entry.dataAsOf(),
                    entry.changed(),
                    entry.errorCategory(),
                    entry.receivedAt());
        }
    }
}
