// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics.kpi;

import java.util.Locale;
import java.util.OptionalInt;

/** How a KPI stands. */
public enum Verdict {
    OK,
    WARNING,
    CRITICAL,
    UNKNOWN;

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** As the metric shows it; empty if unknown. */
    OptionalInt number() {
        return switch (this) {
            case OK -> OptionalInt.of(0);
            case WARNING -> OptionalInt.of(1);
            case CRITICAL -> OptionalInt.of(2);
            case UNKNOWN -> OptionalInt.empty();
        };
    }
}
