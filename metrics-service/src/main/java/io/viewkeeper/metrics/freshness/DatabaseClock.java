// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics.freshness;

import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The time of the database, by which data and refreshes are dated. A clock of this machine that is wrong, or that somebody
 * sets, makes no data older and hides no refresh.
 */
@Singleton
class DatabaseClock {
    private volatile @Nullable Mark mark;

    /** @param nanos of {@link System#nanoTime()} */
    private record Mark(Instant at, long nanos) {
        Instant plusUntil(long later) {
            return at.plusNanos(later - nanos);
        }
    }

    /** @throws IllegalStateException before the database was asked for the first time */
    Instant instant() {
        return at(System.nanoTime());
    }

    /** The same of a moment of {@link System#nanoTime()}, also of one before the database was asked. */
    Instant at(long nanos) {
        var known = mark;
        if (known == null) {
            throw new IllegalStateException("the database was not asked for its time yet");
        }
        return known.plusUntil(nanos);
    }

    /**
     * What the database said its time was. It said so at some moment between question and answer; an answer that took long
     * therefore tells little, and what it does not contradict stays.
     *
     * @param asked and answered are moments of {@link System#nanoTime()}
     */
    void said(Instant time, long asked, long answered) {
        long halfWay = (answered - asked) / 2;
        var heard = new Mark(time, asked + halfWay);
        var known = mark;
        if (known == null
                || Duration.between(known.plusUntil(heard.nanos()), time).abs().toNanos() > halfWay) {
            mark = heard;
        }
    }
}
