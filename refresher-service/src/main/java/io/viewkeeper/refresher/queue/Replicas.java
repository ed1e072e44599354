// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.queue;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Which other processes are dead: those that have missed five beats. Counted by this process's own clock, one for each period
 * in which it looked: no clock that is set, and no pause of the machine, makes a living one dead. Not thread-safe.
 */
public final class Replicas {
    private static final int MISSED = 5;

    /** @param beatAt as the process wrote it; only whether it changes matters */
    private record Seen(Instant beatAt, int missed, long countedNanos) {}

    private final long periodNanos;
    private final LongSupplier nanoTime;
    private final Map<UUID, Seen> seen = new HashMap<>();

    /** @param period of the heartbeat of all */
    public Replicas(Duration period) {
        this(period, System::nanoTime);
    }

    Replicas(Duration period, LongSupplier nanoTime) {
        this.periodNanos = period.toNanos();
        this.nanoTime = nanoTime;
    }

    /**
     * Looks at the beats of the processes whose runs are under way.
     *
     * @param beats of each; null: it has left
     */
    public void look(Map<UUID, @Nullable Instant> beats) {
        long now = nanoTime.getAsLong();
        seen.keySet().retainAll(beats.keySet());
        beats.forEach((process, beatAt) -> {
            if (beatAt == null) {
                seen.put(process, new Seen(Instant.MIN, MISSED, now));
                return;
            }
            Seen before = seen.get(process);
            if (before == null || !before.beatAt().equals(beatAt)) {
                seen.put(process, new Seen(beatAt, 0, now));
            } else if (now - before.countedNanos() >= periodNanos) {
                seen.put(process, new Seen(beatAt, before.missed() + 1, now));
            }
        });
    }

    /** As of the last look. */
    public boolean isDead(UUID process) {
        Seen one = seen.get(process);
        return one != null && one.missed() >= MISSED;
    }
}
