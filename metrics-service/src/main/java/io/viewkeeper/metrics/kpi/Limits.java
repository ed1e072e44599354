// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics.kpi;

import io.viewkeeper.metrics.kpi.Kpi.Worse;
import java.math.BigDecimal;

/**
 * What a KPI is judged by, in its unit. At the target or better is ok, at the alert threshold or better is a warning.
 *
 * @param target what is wished for
 * @param alert beyond it somebody must act
 */
public record Limits(Kpi kpi, double target, double alert) {
    static final String PREFIX = "viewkeeper.metrics.kpi.";

    public Limits {
        check(kpi, "target", target);
        check(kpi, "alert", alert);
        if (isWorse(kpi, target, alert)) {
            throw new IllegalArgumentException(
                    "%s%s: target=%s and alert=%s are in the wrong order; %s is worse here, so set"
                                    .formatted(
                                            PREFIX,
                                            kpi.label(),
                                            target,
                                            alert,
                                            kpi.worse() == Worse.HIGHER ? "higher" : "lower")
                            + (kpi.worse() == Worse.HIGHER
                                    ? " an alert not below the target"
                                    : " an alert not above the target"));
        }
    }

    private static void check(Kpi kpi, String which, double value) {
        if (!Double.isFinite(value) || value < 0 || value > kpi.unit().largest()) {
            String range = kpi.unit().largest() == Double.MAX_VALUE
                    ? "not negative"
                    : "from 0 to " + (long) kpi.unit().largest();
            throw new IllegalArgumentException("%s%s.%s=%s is no number of %s: it must be finite and %s"
                    .formatted(PREFIX, kpi.label(), which, value, kpi.unit().label(), range));
        }
    }

    /** Never {@link Verdict#UNKNOWN}. */
    Verdict judge(double value) {
        if (isWorse(kpi, value, alert)) {
            return Verdict.CRITICAL;
        }
        return isWorse(kpi, value, target) ? Verdict.WARNING : Verdict.OK;
    }

    private static boolean isWorse(Kpi kpi, double one, double other) {
        return kpi.worse() == Worse.HIGHER ? one > other : one < other;
    }

    /** As a person writes it: 100, 0.95. */
    public static String number(double value) {
        return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
    }
}
