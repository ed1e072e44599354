// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics.usage;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** The reads of one view: all since the process started, and those of a sliding window. Not thread-safe. */
final class ReadWindow {
    private final ArrayDeque<Reads> recent = new ArrayDeque<>();
    private final Duration length;
    private long calls;
    private double millis;
    private @Nullable Instant last;

    ReadWindow(Duration length) {
        this.length = length;
    }

    /** Calls of statements that read the view, and what they took. */
    private record Reads(Instant at, long calls, double millis) {}

    void add(Instant now, long moreCalls, double moreMillis) {
        calls += moreCalls;
        millis += moreMillis;
        last = now;
        forget(now);
        var newest = recent.peekLast();
        if (newest != null && newest.at().equals(now)) {
            recent.removeLast();
            recent.addLast(new Reads(now, newest.calls() + moreCalls, newest.millis() + moreMillis));
        } else {
            recent.addLast(new Reads(now, moreCalls, moreMillis));
        }
    }

    private void forget(Instant now) {
        while (!recent.isEmpty() && !recent.getFirst().at().isAfter(now.minus(length))) {
            recent.removeFirst();
        }
    }

    long calls() {
        return calls;
    }

    double millis() {
        return millis;
    }

    /** Null if it was not read since the process started. */
    @Nullable
    Instant last() {
        return last;
    }

    long callsInWindow(Instant now) {
        forget(now);
        return recent.stream().mapToLong(Reads::calls).sum();
    }

    /** Of the window, in milliseconds; empty without a read. */
    OptionalDouble meanMillis(Instant now) {
        long windowCalls = callsInWindow(now);
        return windowCalls == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(recent.stream().mapToDouble(Reads::millis).sum() / windowCalls);
    }
}
