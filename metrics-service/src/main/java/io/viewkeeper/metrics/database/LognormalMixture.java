package io.viewkeeper.metrics.database;

import java.util.Collection;
import java.util.OptionalDouble;

/**
 * The distribution of execution times over calls, estimated: {@code pg_stat_statements} keeps no histogram. Each statement's
 * times are taken to be lognormal with its mean and its standard deviation, or all equal where there is none, weighted by
 * its calls.
 */
final class LognormalMixture {
    /** What pg_stat_statements measures is not more exact than this, in milliseconds. */
    private static final double SHORTEST = 1e-5;
    /** Below this share of the mean a deviation is rounding. */
    private static final double SMALLEST_VARIATION = 1e-6;
    /** Standard deviations beyond which a share is 0 or 1. */
    private static final double FAR = 6;
    /** Halvings of the range from the shortest to the longest time: less than a millionth of error in its logarithm. */
    private static final int HALVINGS = 45;

    /** Of a sum of shares. */
    private static final double ROUNDING = 1e-9;

    private final double[] weights;
    private final double[] centres;
    private final double[] spreads;

    private LognormalMixture(Collection<StatementTotals> statements) {
        int size = statements.size();
        weights = new double[size];
        centres = new double[size];
        spreads = new double[size];
        double calls = statements.stream().mapToDouble(StatementTotals::calls).sum();
        int i = 0;
        for (var statement : statements) {
            double mean = Math.max(SHORTEST, statement.meanMillis());
            double variation = statement.variance() / (mean * mean);
            double squaredSpread = variation < SMALLEST_VARIATION * SMALLEST_VARIATION ? 0 : Math.log1p(variation);
            weights[i] = statement.calls() / calls;
            centres[i] = Math.log(mean) - squaredSpread / 2;
            spreads[i] = Math.sqrt(squaredSpread);
            i++;
        }
    }

    /** Milliseconds that this share of the calls does not exceed; empty without calls. */
    static OptionalDouble percentile(double share, Collection<StatementTotals> statements) {
        var called = statements.stream().filter(totals -> totals.calls() > 0).toList();
        return called.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(Math.exp(new LognormalMixture(called).logarithm(share)));
    }

    private double logarithm(double share) {
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < weights.length; i++) {
            low = Math.min(low, centres[i] - FAR * spreads[i]);
            high = Math.max(high, centres[i] + FAR * spreads[i]);
        }
        for (int i = 0; i < HALVINGS && high - low > 1e-7; i++) {
            double middle = (low + high) / 2;
            if (shareUpTo(middle) >= share - ROUNDING) {
                high = middle;
            } else {
                low = middle;
            }
        }
        return high;
    }

    private double shareUpTo(double logarithm) {
        double sum = 0;
        for (int i = 0; i < weights.length; i++) {
            double distance = logarithm - centres[i];
            if (distance >= FAR * spreads[i]) {
                sum += weights[i];
            } else if (distance > -FAR * spreads[i]) {
                sum += weights[i] * normal(distance / spreads[i]);
            }
        }
        return sum;
    }

    /** The normal distribution, within 1e-7: Abramowitz and Stegun, Handbook of Mathematical Functions, 26.2.17. */
    private static double normal(double x) {
        double t = 1 / (1 + 0.2316419 * Math.abs(x));
        double polynomial =
                t * (0.319381530 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
        double tail = Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI) * polynomial;
        return x >= 0 ? 1 - tail : tail;
    }
}
