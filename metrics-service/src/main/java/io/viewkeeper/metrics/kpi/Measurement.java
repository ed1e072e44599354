// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics.kpi;

import io.viewkeeper.metrics.database.DatabaseFigures.Figure;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * What a KPI measures at a moment.
 *
 * @param value in the KPI's unit; empty if unknown
 * @param reason a sentence: why it is unknown, or what made the value; null if there is nothing to say
 */
public record Measurement(OptionalDouble value, @Nullable String reason) {

    static Measurement of(Figure figure) {
        return new Measurement(figure.value(), figure.unknownBecause());
    }

    static Measurement unknown(String reason) {
        return new Measurement(OptionalDouble.empty(), reason);
    }
}
