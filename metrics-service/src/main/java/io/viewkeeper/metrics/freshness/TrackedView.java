// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics.freshness;

import io.viewkeeper.metrics.freshness.StoredView.Schedule;
import io.viewkeeper.schema.consumer.EventOutcome;
import io.viewkeeper.schema.event.RefreshCompleted;
import io.viewkeeper.schema.event.RefreshEvent;
import io.viewkeeper.schema.event.RefreshFailed;
import io.viewkeeper.schema.event.ViewName;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * All that is known of one view. Each part is replaced only by something of a newer sequence, so that neither the order
 * in which events come, nor how often, nor what the database was told meanwhile, can move anything back. Thread-safe.
 */
final class TrackedView {
    /** A run is stamped before it is committed; what takes longer than this comes with the next reading. */
    private static final Duration COMMITTED_SINCE = Duration.ofMinutes(2);

    private final ViewName name;
    private final Instant countingSince;
    private final long standbyLagNanos;
    private final RunWindow window;

    private long sequence;
    private long sequenceSeenNanos;
    private long sizeSequence;
    private @Nullable Long lastEventSequence;
    private @Nullable Instant dataTimestamp;
    private @Nullable FinishedRun lastRun;
    private @Nullable Long sizeBytes;
    private int consecutiveFailures;
    private Schedule schedule = Schedule.NONE;
    private long completedRuns;
    private long failedRuns;
    private Duration refreshTime = Duration.ZERO;

    /** @param countingSince what finished earlier is history: known and shown, but not counted */
    TrackedView(ViewName name, Instant countingSince, FreshnessSettings settings) {
        this.name = name;
        this.countingSince = countingSince;
        this.standbyLagNanos = settings.standbyLag().toNanos();
        this.window = new RunWindow(settings.successWindow());
    }

    ViewName name() {
        return name;
    }

    /** Whether a group asks for it. */
    synchronized boolean isScheduled() {
        return schedule.freshnessTarget() != null;
    }

    synchronized Sighting see(RefreshEvent event, Instant now) {
        var run = FinishedRun.of(event);
        if (run.sequence() > sequence && run.finishedAt().isBefore(countingSince.minus(COMMITTED_SINCE))) {
            // The database was asked after that, and knows of no such run: it tells of what was restored away.
            return Sighting.NOTHING;
        }
        boolean newestEvent = lastEventSequence == null || run.sequence() > lastEventSequence;
        boolean deliveryIsNew = newestEvent && !isHistory(run);
        if (newestEvent) {
            lastEventSequence = run.sequence();
        }
        boolean runIsNew = count(run, now);
        rememberSize(event);
        if (run.sequence() <= sequence) {
            var outcome = run.sequence() == sequence ? EventOutcome.DUPLICATE : EventOutcome.STALE;
            return new Sighting(outcome, runIsNew, deliveryIsNew);
        }
        apply(event, run);
        return new Sighting(EventOutcome.APPLIED, runIsNew, deliveryIsNew);
    }

    private void apply(RefreshEvent event, FinishedRun run) {
        sequence = run.sequence();
        sequenceSeenNanos = System.nanoTime();
        lastRun = run;
        switch (event) {
            case RefreshCompleted completed -> {
                dataTimestamp = completed.run().dataAsOf();
                consecutiveFailures = 0;
            }
            case RefreshFailed failed -> {
                dataTimestamp = failed.lastSuccessDataAsOf();
                consecutiveFailures = failed.consecutiveFailures();
            }
        }
    }

    private void rememberSize(RefreshEvent event) {
        if (event instanceof RefreshCompleted completed && completed.run().sequence() > sizeSequence) {
            sizeSequence = completed.run().sequence();
            sizeBytes = completed.sizeBytes();
        }
    }

    /**
     * Takes in what the database says. An event is published after its commit, so the database knows of each that was seen;
     * unless it is a standby, which may lag a little. One that still does not know was restored, or has failed over with a loss.
     *
     * @param begunNanos when it was asked, of {@link System#nanoTime()}
     * @return whether it has gone back behind what an event told
     */
    synchronized boolean reconcile(StoredView stored, long begunNanos) {
        schedule = stored.schedule();
        boolean wentBack = stored.sequence() < sequence;
        if (wentBack) {
            if (begunNanos - sequenceSeenNanos <= standbyLagNanos) {
                return false;
            }
            lastEventSequence = null;
            window.forgetAfter(stored.sequence());
        }
        sequence = stored.sequence();
        dataTimestamp = stored.dataTimestamp();
        lastRun = stored.lastRun();
        consecutiveFailures = stored.consecutiveFailures();
        sizeSequence = stored.sequence();
        sizeBytes = stored.sizeBytes();
        return wentBack;
    }

    /** Whether the run is new, see {@link Sighting#runIsNew}. */
    synchronized boolean count(FinishedRun run, Instant now) {
        if (!window.add(run, now) || isHistory(run)) {
            return false;
        }
        refreshTime = refreshTime.plus(run.duration());
        if (run.succeeded()) {
            completedRuns++;
        } else {
            failedRuns++;
        }
        return true;
    }

    synchronized RefreshWork refreshWork() {
        return new RefreshWork(completedRuns, refreshTime);
    }

    private boolean isHistory(FinishedRun run) {
        return run.finishedAt().isBefore(countingSince);
    }

    synchronized ViewReport report(Instant now) {
        return new ViewReport(
                name,
                now,
                sequence,
                lastEventSequence,
                dataTimestamp,
                lastRun,
                consecutiveFailures,
                sizeBytes,
                schedule,
                window.successRate(now),
                completedRuns,
                failedRuns);
    }
}
