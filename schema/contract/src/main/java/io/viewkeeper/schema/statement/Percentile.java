// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.statement;

import java.util.Collection;
import java.util.Optional;
import java.util.function.Function;

/**
 * A time that a share of the calls does not exceed, estimated: pg_stat_statements keeps no histogram.
 *
 * @param certain false where the numbers allow for times that differ threefold, and are not all below a millisecond
 */
public record Percentile(double millis, boolean certain) {
    /** Estimates that are further apart than by this factor are none, unless all are of very quick calls. */
    private static final double CLOSE_ENOUGH = 3;

    private static final double VERY_QUICK_MILLIS = 1;

    /** Of all calls of these together, as {@link CallTimes} takes each one's times for; empty without calls. */
    public static Optional<Percentile> of(double share, Collection<Counters> statements) {
        var times = statements.stream()
                .filter(counters -> counters.calls() > 0)
                .map(CallTimes::of)
                .toList();
        if (times.isEmpty()) {
            return Optional.empty();
        }
        double likely = of(share, times, CallTimes::likely);
        double lighter = of(share, times, CallTimes::lighter);
        double heavier = of(share, times, CallTimes::heavier);
        double least = Math.min(likely, Math.min(lighter, heavier));
        double most = Math.max(likely, Math.max(lighter, heavier));
        return Optional.of(new Percentile(
                Math.min(likely, longest(statements)), most <= CLOSE_ENOUGH * least || most <= VERY_QUICK_MILLIS));
    }

    /** Infinite where it is not known of each. */
    private static double longest(Collection<Counters> statements) {
        return statements.stream()
                .mapToDouble(counters ->
                        counters.extremes().isKnown() ? counters.extremes().max() : Double.POSITIVE_INFINITY)
                .max()
                .orElse(Double.POSITIVE_INFINITY);
    }

    private static double of(
            double share, Collection<CallTimes> times, Function<CallTimes, Collection<CallTimes.Part>> as) {
        return LognormalMixture.percentile(
                share, times.stream().map(as).flatMap(Collection::stream).toList());
    }
}
