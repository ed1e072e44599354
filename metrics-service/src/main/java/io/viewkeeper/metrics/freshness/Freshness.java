// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics.freshness;

import io.quarkus.runtime.ShutdownEvent;
import io.viewkeeper.schema.consumer.EventMeters;
import io.viewkeeper.schema.consumer.EventOutcome;
import io.viewkeeper.schema.event.RefreshEvent;
import io.viewkeeper.schema.event.ViewName;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * The freshness of every view of the database, in memory. The database says which views there are; it and the events say
 * how they are. A view that only an event told of is shown once the database has confirmed it, so that a replayed event
 * raises no dropped view from the dead.
 */
@ApplicationScoped
public class Freshness {
    /** Views that only events told of are held up to here, so that a flood of strange events cannot fill the memory. */
    private static final int MAX_TRACKED = 50_000;

    private final FreshnessSettings settings;
    private final EventMeters events;
    private final RunMeters runs;
    private final Event<ViewRefreshed> refreshed;
    private final DatabaseClock clock;
    private final long countingSinceNanos = System.nanoTime();
    private final Map<ViewName, TrackedView> tracked = new ConcurrentHashMap<>();
    private final CountDownLatch rebuiltOrStopping = new CountDownLatch(1);
    private volatile @Nullable Shown shown;

    Freshness(
            FreshnessSettings settings,
            EventMeters events,
            RunMeters runs,
            Event<ViewRefreshed> refreshed,
            DatabaseClock clock) {
        this.settings = settings;
        this.events = events;
        this.runs = runs;
        this.refreshed = refreshed;
        this.clock = clock;
    }

    /** Whether the state of all views was read from the database at least once. */
    public boolean isRebuilt() {
        return shown != null;
    }

    /** Waits for the first reading of the database; false when the service stops instead. */
    boolean awaitRebuilt() throws InterruptedException {
        rebuiltOrStopping.await();
        return isRebuilt();
    }

    void stop(@Observes ShutdownEvent stopping) {
        rebuiltOrStopping.countDown();
    }

    /** Takes in an event; only after the first reading. */
    EventOutcome see(RefreshEvent event) {
        var sighting = sight(event);
        events.event(event.type(), sighting.outcome());
        if (sighting.runIsNew()) {
            runs.run(FinishedRun.of(event));
        }
        if (sighting.deliveryIsNew()) {
            runs.delivery(event.run().finishedAt(), clock.instant());
            refreshed.fire(new ViewRefreshed(event.run().view()));
        }
        return sighting.outcome();
    }

    private Sighting sight(RefreshEvent event) {
        if (!event.run().database().equals(database())) {
            return Sighting.NOTHING;
        }
        var view = tracked.get(event.run().view());
        if (view == null) {
            if (tracked.size() >= MAX_TRACKED) {
                return Sighting.NOTHING;
            }
            view = tracked.computeIfAbsent(event.run().view(), this::newView);
        }
        return view.see(event, clock.instant());
    }

    /** The views that an event or the database told of; a reading may only remove those that were there when it began. */
    Set<ViewName> trackedNames() {
        return Set.copyOf(tracked.keySet());
    }

    /**
     * Takes in what the database says.
     *
     * @return of how many views it knows less than an event told a while ago
     */
    int reconcile(Reading reading) {
        int wentBack = 0;
        for (var stored : reading.views()) {
            var view = tracked.computeIfAbsent(stored.name(), this::newView);
            wentBack += view.reconcile(stored, reading.begunNanos()) ? 1 : 0;
        }
        for (var logged : reading.runs()) {
            var view = tracked.get(logged.view());
            if (view != null && view.count(logged.run(), clock.instant())) {
                runs.run(logged.run());
            }
        }
        forgetDropped(reading);
        shown = new Shown(reading.database(), confirmed(reading));
        rebuiltOrStopping.countDown();
        return wentBack;
    }

    private void forgetDropped(Reading reading) {
        var dropped = new HashSet<>(reading.trackedBefore());
        reading.views().forEach(stored -> dropped.remove(stored.name()));
        dropped.forEach(tracked::remove);
    }

    private List<TrackedView> confirmed(Reading reading) {
        return reading.views().stream()
                .map(stored -> tracked.get(stored.name()))
                .filter(view -> view != null)
                .sorted(Comparator.comparing(TrackedView::isScheduled, Comparator.reverseOrder())
                        .thenComparing(TrackedView::name))
                .toList();
    }

    private TrackedView newView(ViewName name) {
        return new TrackedView(name, clock.at(countingSinceNanos), settings);
    }

    /** Name of the database; empty before the first reading. */
    public String database() {
        var now = shown;
        return now == null ? "" : now.database();
    }

    /** Every view that exists: those of a group first, then by name. */
    public List<ViewReport> reports() {
        return reports(Integer.MAX_VALUE);
    }

    /** Those views that have series: the first ones. */
    List<ViewReport> reportsWithinLimit() {
        return reports(settings.maxViews());
    }

    /** The views that have series, in the order in which they are shown. */
    public List<ViewName> viewsWithSeries() {
        var now = shown;
        return now == null
                ? List.of()
                : now.views().stream()
                        .limit(settings.maxViews())
                        .map(TrackedView::name)
                        .toList();
    }

    /** Of every view that exists what its refreshes took, in the order in which they are shown. */
    public Map<ViewName, RefreshWork> refreshWork() {
        var work = new LinkedHashMap<ViewName, RefreshWork>();
        var now = shown;
        if (now != null) {
            now.views().forEach(view -> work.put(view.name(), view.refreshWork()));
        }
        return work;
    }

    /** How old the data is of each view that has a freshness target, with series or without. */
    public List<ViewAge> agesOfViewsWithTarget() {
        return reports().stream().flatMap(report -> ViewAge.of(report).stream()).toList();
    }

    /** How many views have no series. */
    public int viewsOverLimit() {
        var now = shown;
        return now == null ? 0 : Math.max(0, now.views().size() - settings.maxViews());
    }

    private List<ViewReport> reports(int limit) {
        var now = shown;
        if (now == null) {
            return List.of();
        }
        var instant = clock.instant();
        return now.views().stream()
                .limit(limit)
                .map(view -> view.report(instant))
                .toList();
    }

    private record Shown(String database, List<TrackedView> views) {}

    /**
     * One look at the database.
     *
     * @param begunNanos when it began, of {@link System#nanoTime()}
     * @param trackedBefore what was tracked when the look began
     */
    record Reading(
            long begunNanos,
            String database,
            Set<ViewName> trackedBefore,
            List<StoredView> views,
            List<LoggedRun> runs) {}
}
