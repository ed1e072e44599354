// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.statement;

import java.util.Collection;
import java.util.List;

/**
 * How the times of one statement's calls may be distributed, as far as count, mean, deviation and extremes tell: likely so, or
 * with a lighter or a heavier tail. Where nothing speaks against it they are lognormal. Where the deviation is about as large
 * as the extremes allow, they are of two kinds, quick and slow, with few in between. Where neither is so, and the extremes may
 * be older than the window, all three differ.
 */
record CallTimes(Collection<Part> likely, Collection<Part> lighter, Collection<Part> heavier) {
    /** Squared deviation in squares of the mean, below which the model makes little difference. */
    private static final double EVEN = 0.25;

    /** Share of the greatest variance that mean and extremes allow (Bhatia and Davis), from which there are two kinds. */
    private static final double TWO_KINDS = 0.6;

    /** … and up to which there is one. */
    private static final double ONE_KIND = 0.35;

    /** By what factor the number of slow calls may be wrong at least, and by how much more for each share of that variance which lacks. */
    private static final double UNSURE = 1.05;

    private static final double MORE_UNSURE = 1.4;

    /** How far extremes may lie from where a lognormal distribution would have them, in parts of that distance. */
    private static final double NEAR = 0.7;

    private static final double FAR = 1.3;
    private static final double WIDEST_SPREAD = 1;
    private static final double SHORTEST = LognormalMixture.SHORTEST;

    /** So many calls, lognormal. */
    record Part(double calls, double centre, double spread) {
        private static Part around(double calls, double millis, double spread) {
            return new Part(calls, Math.log(Math.max(SHORTEST, millis)), spread);
        }
    }

    /** Only with calls. */
    static CallTimes of(Counters counters) {
        return new Observed(counters).model();
    }

    private record Observed(long calls, double mean, double variance, double min, double max, boolean extremesKnown) {
        Observed(Counters counters) {
            double mean = Math.max(SHORTEST, counters.meanMillis());
            double variance = counters.variance();
            // No time of the window is further from its mean than this (Samuelson), however long others took before.
            double furthest = Math.sqrt(variance * (counters.calls() - 1));
            double min = Math.max(SHORTEST, Math.max(counters.extremes().min(), mean - furthest));
            double max = Math.min(counters.extremes().max(), mean + furthest);
            this(counters.calls(), mean, variance, min, max, counters.extremes().isKnown() && min < mean && max > mean);
        }

        CallTimes model() {
            var lognormal = List.of(lognormal());
            if (calls < 3 || variance <= EVEN * mean * mean || !extremesKnown) {
                return new CallTimes(lognormal, lognormal, lognormal);
            }
            double quickByMax = Math.clamp(mean - variance / (max - mean), min, mean);
            double share = variance / ((max - mean) * (mean - min));
            if (share >= TWO_KINDS) {
                double quick = Math.sqrt(min * quickByMax);
                double unsure = UNSURE + MORE_UNSURE * Math.max(0, 1 - share);
                return new CallTimes(twoKinds(quick, 1), twoKinds(quick, 1 / unsure), twoKinds(quick, unsure));
            }
            return share < ONE_KIND && extremesAreLognormal()
                    ? new CallTimes(lognormal, lognormal, lognormal)
                    : new CallTimes(lognormal, twoKinds(min, 1), twoKinds(quickByMax, 1));
        }

        private Part lognormal() {
            double squaredSpread = Math.log1p(variance / (mean * mean));
            return new Part((double) calls, Math.log(mean) - squaredSpread / 2, Math.sqrt(squaredSpread));
        }

        private boolean extremesAreLognormal() {
            var part = lognormal();
            double below = (part.centre() - Math.log(min)) / part.spread();
            double above = (Math.log(max) - part.centre()) / part.spread();
            double expected = extreme((double) calls);
            return below >= NEAR * expected && above >= NEAR * expected && above <= FAR * expected;
        }

        /** @param quick what the quick calls take; the slow ones then take what keeps mean and variance */
        private List<Part> twoKinds(double quick, double factor) {
            double distance = Math.max(mean - quick, mean * 1e-6);
            double slow = mean + variance / distance;
            double slowCalls = Math.min(calls - 1e-3, calls * distance / (slow - quick) * factor);
            double quickSpread = Math.log(Math.max(1, quick / min)) / extreme(calls - slowCalls);
            double slowSpread = Math.log(Math.max(1, max / slow)) / extreme(slowCalls);
            return List.of(
                    Part.around(calls - slowCalls, quick, Math.min(quickSpread, WIDEST_SPREAD)),
                    Part.around(slowCalls, slow, Math.min(slowSpread, WIDEST_SPREAD)));
        }

        /** Deviations by which the greatest of so many normal values exceeds their mean, about. */
        private static double extreme(double count) {
            if (count < 3) {
                return 1;
            }
            double root = Math.sqrt(2 * Math.log(count));
            return root - (Math.log(Math.log(count)) + Math.log(4 * Math.PI)) / (2 * root);
        }
    }
}
