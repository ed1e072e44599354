// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.statement;

import io.viewkeeper.schema.statement.CallTimes.Part;
import java.util.List;

/** The distribution of times over calls: a sum of lognormal ones, each of so many calls. */
final class LognormalMixture {
    /** What pg_stat_statements measures is not more exact than this, in milliseconds. */
    static final double SHORTEST = 1e-5;
    /** Below this a spread is rounding. */
    private static final double SMALLEST_SPREAD = 1e-6;
    /** Standard deviations beyond which a share is 0 or 1. */
    private static final double FAR = 6;
    /** Halvings of the range from the shortest to the longest time: less than a millionth of error in its logarithm. */
    private static final int HALVINGS = 45;
    /** Of a sum of shares. */
    private static final double ROUNDING = 1e-9;

    private final double[] weights;
    private final double[] centres;
    private final double[] spreads;

    private LognormalMixture(List<Part> parts) {
        int size = parts.size();
        weights = new double[size];
        centres = new double[size];
        spreads = new double[size];
        double calls = parts.stream().mapToDouble(Part::calls).sum();
        for (int i = 0; i < size; i++) {
            var part = parts.get(i);
            weights[i] = part.calls() / calls;
            centres[i] = part.centre();
            spreads[i] = part.spread() < SMALLEST_SPREAD ? 0 : part.spread();
        }
    }

    /** Milliseconds that this share of the calls does not exceed. */
    static double percentile(double share, List<Part> parts) {
        return Math.exp(new LognormalMixture(parts).logarithm(share));
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
