// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics.database;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.BinaryOperator;

/**
 * What was counted within the last so many minutes. Deltas that come close together are added up, so that it holds at most
 * {@link #PARTS} + 1 of them however often somebody samples; it may look back a part less than its length.
 *
 * @param <D> what was counted between two samples, immutable
 */
final class Window<D> {
    static final int PARTS = 30;

    private final Duration length;
    private final BinaryOperator<D> together;
    private final Deque<Part<D>> parts = new ArrayDeque<>();

    Window(Duration length, BinaryOperator<D> together) {
        this.length = length;
        this.together = together;
    }

    /** Adds what was counted up to now. */
    synchronized void add(Instant now, D delta) {
        forget(now);
        var newest = parts.peekLast();
        if (newest != null && now.isBefore(newest.since().plus(length.dividedBy(PARTS)))) {
            parts.removeLast();
            parts.addLast(new Part<>(newest.since(), together.apply(newest.delta(), delta)));
        } else {
            parts.addLast(new Part<>(now, delta));
        }
    }

    /** The deltas of the window, oldest first; none when no sample was taken. */
    synchronized List<D> deltas(Instant now) {
        forget(now);
        return parts.stream().map(Part::delta).toList();
    }

    /** All of them together; empty when no sample was taken within the window. */
    Optional<D> sum(Instant now) {
        return deltas(now).stream().reduce(together);
    }

    private void forget(Instant now) {
        var oldest = now.minus(length);
        while (!parts.isEmpty() && !parts.getFirst().since().isAfter(oldest)) {
            parts.removeFirst();
        }
    }

    /** @param since when its first sample was taken */
    private record Part<D>(Instant since, D delta) {}
}
