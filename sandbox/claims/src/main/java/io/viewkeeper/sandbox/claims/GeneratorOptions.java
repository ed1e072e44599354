// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.claims;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;

/**
 * What to generate. The same seed, claims and providers give the same rows but for their times, which count back from
 * the end of the history and follow the working hours of its zone.
 */
public record GeneratorOptions(long seed, long claims, int providers, History history) {
    private static final int DEFAULT_PROVIDERS = 60;

    public GeneratorOptions {
        if (claims < 0) {
            throw new IllegalArgumentException("claims must not be negative: " + claims);
        }
        if (providers < 1) {
            throw new IllegalArgumentException("providers must be at least 1: " + providers);
        }
    }

    /** The usual sample: a hundred days of a clearing house that serves sixty provider groups. */
    public static GeneratorOptions of(long seed, long claims, Instant now) {
        return new GeneratorOptions(seed, claims, DEFAULT_PROVIDERS, History.until(now));
    }

    /** The days over which claims arrived: {@code days} of 24 hours that end at {@code now}. */
    public record History(Instant now, int days, ZoneId zone) {
        /** A little more than the longest window of the views (90 days), so that something is always outside of it. */
        private static final int DEFAULT_DAYS = 100;

        public History {
            if (days < 1) {
                throw new IllegalArgumentException("days must be at least 1: " + days);
            }
            now = now.truncatedTo(ChronoUnit.MICROS);
        }

        static History until(Instant now) {
            return new History(now, DEFAULT_DAYS, ZoneOffset.UTC);
        }
    }
}
