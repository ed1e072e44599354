// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics.usage;

import io.viewkeeper.metrics.database.StatementActivity;
import io.viewkeeper.metrics.database.StatementActivity.Activity;
import io.viewkeeper.schema.event.ViewName;
import io.viewkeeper.schema.sql.RelationReference;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What every view was read. A statement that is new waits with what it did until its text was read; then all of it counts.
 * Thread-safe.
 */
@Singleton
class Readers {
    /** Statements that are known, and those that wait; a server keeps 5,000 unless told otherwise. */
    private static final int MOST_STATEMENTS = 50_000;

    private final UsageSettings settings;
    private final Clock clock;
    private final Map<Statement, Set<RelationReference>> known = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Statement, Set<RelationReference>> eldest) {
            return size() > MOST_STATEMENTS;
        }
    };
    private final LinkedHashMap<Statement, Work> waiting = new LinkedHashMap<>();
    private final Map<ViewName, ReadWindow> windows = new HashMap<>();
    private ReadableViews catalog = ReadableViews.NONE;
    private @Nullable Instant observedSince;
    private @Nullable Instant observedUntil;

    Readers(UsageSettings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
    }

    record Statement(long userId, long queryId) {}

    /** What a statement did, seen first at some moment. */
    private record Work(Instant since, long calls, double millis) {
        Work plus(Work more) {
            return new Work(since, calls + more.calls, millis + more.millis);
        }
    }

    synchronized void observe(@Observes StatementActivity activity) {
        var now = clock.instant();
        if (observedSince == null) {
            observedSince = now;
        }
        observedUntil = now;
        for (var active : activity.active()) {
            count(active, now);
        }
    }

    private void count(Activity active, Instant now) {
        var statement = new Statement(active.userId(), active.queryId());
        var work = new Work(now, active.calls(), active.millis());
        var references = known.get(statement);
        if (references != null) {
            count(statement, references, work, now);
        } else if (waiting.size() < MOST_STATEMENTS || waiting.containsKey(statement)) {
            waiting.merge(statement, work, Work::plus);
        }
    }

    private void count(Statement statement, Set<RelationReference> references, Work work, Instant now) {
        for (var view : catalog.readBy(statement.userId(), references)) {
            windows.computeIfAbsent(view, name -> new ReadWindow(settings.window()))
                    .add(now, work.calls(), work.millis());
        }
    }

    /** Those whose text is wanted, the longest waiting first. */
    synchronized List<Statement> unknown(int limit) {
        return waiting.keySet().stream().limit(limit).toList();
    }

    /** What the catalog says now. Views that are gone are forgotten, with all that was counted of them. */
    synchronized void learn(ReadableViews now) {
        catalog = now;
        windows.keySet().retainAll(now.viewsBehind().keySet());
    }

    /**
     * What these statements read.
     *
     * @param asked of which the text was looked for: one that has none any more is forgotten
     */
    synchronized void learn(List<Statement> asked, Map<Statement, Set<RelationReference>> found) {
        var now = clock.instant();
        for (var statement : asked) {
            var work = waiting.remove(statement);
            var references = found.get(statement);
            if (references != null) {
                known.put(statement, references);
                if (work != null) {
                    count(statement, references, work, now);
                }
            }
        }
    }

    /** Since when statements are counted; null before. */
    synchronized @Nullable Instant observedSince() {
        return observedSince;
    }

    /** Up to when all that was called is counted for the views that it read: what waits for its text may have read any. */
    synchronized @Nullable Instant observedUntil() {
        var longestWaiting = waiting.firstEntry();
        return longestWaiting == null
                ? observedUntil
                : longestWaiting.getValue().since();
    }

    /** Reads of these views, in their order; empty before statements are counted, and before the catalog was read. */
    synchronized List<ViewReads> reads(List<ViewName> views) {
        if (observedSince == null || catalog.equals(ReadableViews.NONE)) {
            return List.of();
        }
        var now = clock.instant();
        return views.stream().map(view -> reads(view, now)).toList();
    }

    private ViewReads reads(ViewName view, Instant now) {
        var feeds = catalog.feeds().getOrDefault(view, Set.of());
        var window = windows.get(view);
        var notRead = notReadFor(window == null ? null : window.last());
        if (window == null) {
            return new ViewReads(view, 0, 0, 0, OptionalDouble.empty(), null, notRead, feeds);
        }
        return new ViewReads(
                view,
                window.calls(),
                window.millis(),
                window.callsInWindow(now),
                window.meanMillis(now),
                window.last(),
                notRead,
                feeds);
    }

    private Duration notReadFor(@Nullable Instant lastRead) {
        var since = lastRead == null ? observedSince : lastRead;
        var until = observedUntil();
        return since == null || until == null || until.isBefore(since) ? Duration.ZERO : Duration.between(since, until);
    }
}
