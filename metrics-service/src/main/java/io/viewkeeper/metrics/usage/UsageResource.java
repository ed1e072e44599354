package io.viewkeeper.metrics.usage;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.viewkeeper.metrics.freshness.Freshness;
import io.viewkeeper.metrics.freshness.RefreshWork;
import io.viewkeeper.schema.event.ViewName;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What each view is good for: who reads it, and what keeping it fresh costs. */
@Path("/usage")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "views")
public class UsageResource {
    private final Freshness freshness;
    private final Readers readers;
    private final UnreadViews unread;
    private final UsageSettings settings;
    private final Clock clock;

    UsageResource(Freshness freshness, Readers readers, UnreadViews unread, UsageSettings settings, Clock clock) {
        this.freshness = freshness;
        this.readers = readers;
        this.unread = unread;
        this.settings = settings;
        this.clock = clock;
    }

    /** Every view that exists, those of a group first. */
    @GET
    @RunOnVirtualThread
    @Operation(
            operationId = "usage",
            summary = "How often and how fast each view is read, and what its refreshes cost per read",
            description = "Read from memory. Statements are those of pg_stat_statements since this process started; of"
                    + " Viewkeeper's own none counts. No text of a statement is kept.")
    public Usage usage() {
        var work = freshness.refreshWork();
        var views = readers.reads(List.copyOf(work.keySet())).stream()
                .map(reads -> view(reads, work.getOrDefault(reads.view(), RefreshWork.NONE)))
                .toList();
        return new Usage(
                readers.observedSince(),
                readers.observedUntil(),
                settings.unreadAfter().toSeconds(),
                views);
    }

    private View view(ViewReads reads, RefreshWork work) {
        double seconds = work.time().toMillis() / 1e3;
        var mean = reads.meanMillis();
        return new View(
                reads.view().toString(),
                reads.calls(),
                readsPerMinute(reads),
                mean.isPresent() ? mean.getAsDouble() : null,
                reads.lastRead(),
                work.completed(),
                seconds,
                reads.calls() > 0 ? seconds / reads.calls() : null,
                reads.feeds().stream().map(ViewName::toString).sorted().toList(),
                unread.isUnread(reads, work.completed()));
    }

    /** Of the window, or of the time since statements are counted, if that is shorter; null where they were not counted in it. */
    private @Nullable Double readsPerMinute(ViewReads reads) {
        var since = readers.observedSince();
        var until = readers.observedUntil();
        if (since == null || until == null || until.isBefore(clock.instant().minus(settings.window()))) {
            return null;
        }
        var observed = Duration.between(since, clock.instant());
        var length = observed.compareTo(settings.window()) < 0 ? observed : settings.window();
        return reads.callsInWindow() / Math.max(1.0 / 60, length.toMillis() / 60_000.0);
    }

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

            List<View> views) {}

    /** A view in an answer. */
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
