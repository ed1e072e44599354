package io.viewkeeper.metrics.kpi;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A KPI as it was judged last.
 *
 * @param since when the verdict became what it is
 * @param sinceStart this process has come to no other verdict: it may have been so for longer
 */
record KpiStatus(Limits limits, Measurement measurement, Verdict verdict, Instant since, boolean sinceStart) {

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

    Kpi kpi() {
        return limits.kpi();
    }
}
