// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.claims;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import java.util.random.RandomGenerator;

/** Draws an index from 0 to n-1, each as often as its weight says. */
final class WeightedChoice {
    private final double[] cumulative;

    private WeightedChoice(double[] cumulative) {
        this.cumulative = cumulative;
    }

    static WeightedChoice of(int size, IntToDoubleFunction weight) {
        var cumulative = new double[size];
        double sum = 0;
        for (int i = 0; i < size; i++) {
            sum += weight.applyAsDouble(i);
            cumulative[i] = sum;
        }
        return new WeightedChoice(cumulative);
    }

    /** The first is twice as frequent as the second and n times as the n-th, softened by the exponent. */
    static WeightedChoice zipf(int size, double exponent) {
        return of(size, i -> 1 / StrictMath.pow(i + 1, exponent));
    }

    int draw(RandomGenerator random) {
        return indexAt(random.nextDouble());
    }

    /** The index under the given share of the whole weight, 0 ≤ share < 1. */
    int indexAt(double share) {
        double wanted = share * cumulative[cumulative.length - 1];
        int found = Arrays.binarySearch(cumulative, wanted);
        // An exact hit belongs to the next index: its interval begins there.
        return Math.min(found >= 0 ? found + 1 : -found - 1, cumulative.length - 1);
    }

    /** How far into the found index's own interval the share lies, 0 to 1. */
    double positionWithin(int index, double share) {
        double low = index == 0 ? 0 : cumulative[index - 1];
        double high = cumulative[index];
        return high == low ? 0 : (share * cumulative[cumulative.length - 1] - low) / (high - low);
    }
}
