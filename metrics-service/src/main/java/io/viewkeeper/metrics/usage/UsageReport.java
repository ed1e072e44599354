// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics.usage;

import io.viewkeeper.metrics.freshness.Freshness;
import io.viewkeeper.metrics.freshness.RefreshWork;
import io.viewkeeper.schema.event.ViewName;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What each view is good for: who reads it, and what keeping it fresh costs. */
@Singleton
public class UsageReport {
    private final Freshness freshness;
    private final Readers readers;
    private final UnreadViews unread;
    private final UsageSettings settings;
    private final Clock clock;

    UsageReport(Freshness freshness, Readers readers, UnreadViews unread, UsageSettings settings, Clock clock) {
        this.freshness = freshness;
        this.readers = readers;
        this.unread = unread;
        this.settings = settings;
        this.clock = clock;
    }

    /** Every view that exists, those of a group first. */
    public Usage now() {
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

    private Usage.View view(ViewReads reads, RefreshWork work) {
        double seconds = work.time().toMillis() / 1e3;
        var mean = reads.meanMillis();
        return new Usage.View(
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
}
