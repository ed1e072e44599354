// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.function.LongSupplier;

/** Goes on from when it was made, whatever somebody sets this machine's clock to: no window grows longer or is lost by it. */
final class SteadyClock extends Clock {
    private final Instant made;
    private final LongSupplier nanos;
    private final long madeNanos;

    /** @param nanos as {@link System#nanoTime()} */
    SteadyClock(Instant made, LongSupplier nanos) {
        this.made = made;
        this.nanos = nanos;
        this.madeNanos = nanos.getAsLong();
    }

    @Override
    public Instant instant() {
        return made.plusNanos(nanos.getAsLong() - madeNanos);
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
