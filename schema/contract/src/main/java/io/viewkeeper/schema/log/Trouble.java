// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.log;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether to write a line about something that may go wrong again and again: when it begins, after ever longer pauses while it
 * lasts, and when it has ended. What comes back within seconds has never been away. Any number of threads may use it.
 */
public final class Trouble {
    private static final Duration FIRST_PAUSE = Duration.ofMinutes(1);
    private static final Duration LONGEST_PAUSE = Duration.ofHours(1);
    private static final Duration CALM = Duration.ofSeconds(10);

    private final LongSupplier nanoTime;
    private boolean lasts;
    private boolean said;
    private long began;
    private long saidLast;
    private @Nullable Long ended;
    private Duration pause = FIRST_PAUSE;

    public Trouble() {
        this(System::nanoTime);
    }

    Trouble(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** It is so now, be it for the first time or still. */
    public synchronized boolean isWorthALine() {
        long now = nanoTime.getAsLong();
        if (!lasts && isLongOver(now)) {
            began = now;
            pause = FIRST_PAUSE;
            said = true;
        } else if (now - saidLast >= pause.toNanos()) {
            Duration longer = pause.multipliedBy(2);
            pause = longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE;
            said = true;
        } else {
            said = said && lasts;
            lasts = true;
            return false;
        }
        lasts = true;
        saidLast = now;
        return true;
    }

    private boolean isLongOver(long now) {
        return ended == null || now - ended >= CALM.toNanos();
    }

    /** It is not so, or no longer: true where its last beginning was worth a line. */
    public synchronized boolean endIsWorthALine() {
        if (!lasts) {
            return false;
        }
        lasts = false;
        ended = nanoTime.getAsLong();
        return said;
    }

    /** How long it has lasted, in seconds. */
    public synchronized long seconds() {
        return Duration.ofNanos(nanoTime.getAsLong() - began).toSeconds();
    }
}
