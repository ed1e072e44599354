// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics.database;

import io.viewkeeper.schema.statement.Blocks;
import io.viewkeeper.schema.statement.Counters;
import io.viewkeeper.schema.statement.EntryKey;
import io.viewkeeper.schema.statement.Percentile;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * What is shown of the statements of one window.
 *
 * @param averageMillis empty without calls
 * @param p95Millis empty without calls, see {@link Percentile}
 * @param slow empty where nothing was counted yet
 * @param blocks that the statements asked for
 */
record StatementFigures(OptionalDouble averageMillis, OptionalDouble p95Millis, OptionalDouble slow, Blocks blocks) {
    static final StatementFigures UNKNOWN =
            new StatementFigures(OptionalDouble.empty(), OptionalDouble.empty(), OptionalDouble.empty(), Blocks.NONE);

    /** @param deltas of the window; none when nothing was counted yet */
    static StatementFigures of(List<List<StatementDelta>> deltas, Duration slowAbove) {
        if (deltas.isEmpty()) {
            return UNKNOWN;
        }
        var byEntry = new HashMap<EntryKey, Counters>();
        var byStatement = new HashMap<Long, Counters>();
        deltas.forEach(part -> part.forEach(delta -> {
            byEntry.merge(delta.key(), delta.totals(), Counters::plus);
            byStatement.merge(delta.key().queryId(), delta.totals(), Counters::plus);
        }));
        double slowMillis = slowAbove.toNanos() / 1e6;
        return new StatementFigures(
                average(byStatement.values()),
                Percentile.of(0.95, byEntry.values())
                        .filter(Percentile::certain)
                        .map(p95 -> OptionalDouble.of(p95.millis()))
                        .orElseGet(OptionalDouble::empty),
                OptionalDouble.of((double) byStatement.values().stream()
                        .filter(totals -> totals.meanMillis() > slowMillis)
                        .count()),
                byStatement.values().stream().map(Counters::blocks).reduce(Blocks.NONE, Blocks::plus));
    }

    private static OptionalDouble average(Collection<Counters> statements) {
        return statements.stream().reduce(Counters::plus).stream()
                .mapToDouble(Counters::meanMillis)
                .findFirst();
    }

    /** What one entry did between two samples, with at least one call. */
    record StatementDelta(EntryKey key, Counters totals) {
        /** Adds up what two samples say of the same entries. */
        static List<StatementDelta> together(List<StatementDelta> one, List<StatementDelta> other) {
            Map<EntryKey, Counters> sums = HashMap.newHashMap(one.size() + other.size());
            one.forEach(delta -> sums.put(delta.key(), delta.totals()));
            other.forEach(delta -> sums.merge(delta.key(), delta.totals(), Counters::plus));
            return sums.entrySet().stream()
                    .map(sum -> new StatementDelta(sum.getKey(), sum.getValue()))
                    .toList();
        }
    }
}
