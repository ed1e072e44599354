// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics.freshness;

import java.time.Duration;
import java.time.Instant;
import java.util.OptionalDouble;
import java.util.TreeMap;

/** The refreshes of one view within a sliding window, each once however often it is told. Not thread-safe. */
final class RunWindow {
    /** One refresh every 30 s for a day; a view refreshed more often is judged by its newest 2,880 runs. */
    static final int MAX_RUNS = 2_880;

    private final Duration length;
    private final TreeMap<Long, FinishedRun> runs = new TreeMap<>();
    private long forgottenUpTo;
    private int succeeded;

    RunWindow(Duration length) {
        this.length = length;
    }

    /** Whether this run was not in the window before and belongs there. */
    boolean add(FinishedRun run, Instant now) {
        if (run.sequence() <= forgottenUpTo || isOver(run, now)) {
            return false;
        }
        boolean added = runs.putIfAbsent(run.sequence(), run) == null;
        if (added && run.succeeded()) {
            succeeded++;
        }
        if (runs.size() > MAX_RUNS) {
            forgetOldest();
        }
        return added;
    }

    /** Successes ÷ attempts, 0 to 1; empty without an attempt. Counted as runs come and go: every scrape asks this of every view. */
    OptionalDouble successRate(Instant now) {
        while (!runs.isEmpty() && isOver(runs.firstEntry().getValue(), now)) {
            forgetOldest();
        }
        return runs.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of((double) succeeded / runs.size());
    }

    private void forgetOldest() {
        var oldest = runs.pollFirstEntry();
        forgottenUpTo = oldest.getKey();
        discount(oldest.getValue());
    }

    /** The database does not know of later runs any more, and will give their numbers to others. */
    void forgetAfter(long sequence) {
        forgottenUpTo = Math.min(forgottenUpTo, sequence);
        var later = runs.tailMap(sequence, false);
        later.values().forEach(this::discount);
        later.clear();
    }

    private void discount(FinishedRun run) {
        if (run.succeeded()) {
            succeeded--;
        }
    }

    private boolean isOver(FinishedRun run, Instant now) {
        return !run.finishedAt().isAfter(now.minus(length));
    }
}
