// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics.kpi;

import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A KPI as it was judged last.
 *
 * @param since when the verdict became what it is
 * @param sinceStart this process has come to no other verdict: it may have been so for longer
 */
public record KpiStatus(Limits limits, Measurement measurement, Verdict verdict, Instant since, boolean sinceStart) {

    /** What was judged before, and what is measured now. That something is unknown at first is no verdict. */
    static KpiStatus next(@Nullable KpiStatus before, Limits limits, Measurement measurement, Instant now) {
        var verdict = measurement.value().isPresent()
                ? limits.judge(measurement.value().getAsDouble())
                : Verdict.UNKNOWN;
        if (before == null) {
            return new KpiStatus(limits, measurement, verdict, now, true);
        }
        if (before.verdict == verdict) {
            return new KpiStatus(limits, measurement, verdict, before.since, before.sinceStart);
        }
        boolean first = before.sinceStart && before.verdict == Verdict.UNKNOWN;
        return new KpiStatus(limits, measurement, verdict, now, first);
    }

    public Kpi kpi() {
        return limits.kpi();
    }

    /** The value with its unit, as a person reads it. */
    public String value() {
        var value = measurement.value();
        if (value.isEmpty()) {
            return "unknown";
        }
        if (Double.isInfinite(value.getAsDouble())) {
            return "infinite";
        }
        return switch (kpi().unit()) {
            case MILLISECONDS -> rounded("%.1f ms", value.getAsDouble());
            case RATIO -> rounded("%.4f", value.getAsDouble());
            case PERCENT -> rounded("%.1f %%", value.getAsDouble());
            case MINUTES -> rounded("%.1f minutes", value.getAsDouble());
        };
    }

    private static String rounded(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
