// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics.kpi;

import io.smallrye.config.ConfigMapping;
import java.time.Duration;

/** See application.properties for what each does. */
@ConfigMapping(prefix = "viewkeeper.metrics.kpi")
interface KpiSettings {
    Duration evaluateEvery();

    Bounds averageQueryTime();

    Bounds cacheHitRatio();

    Bounds indexUsage();

    Bounds viewFreshness();

    /** Of one KPI, in its unit. */
    interface Bounds {
        double target();

        double alert();
    }

    /** @throws IllegalArgumentException if they make no sense; the message names the setting */
    default Limits limits(Kpi kpi) {
        var bounds = switch (kpi) {
            case AVERAGE_QUERY_TIME -> averageQueryTime();
            case CACHE_HIT_RATIO -> cacheHitRatio();
            case INDEX_USAGE -> indexUsage();
            case VIEW_FRESHNESS -> viewFreshness();
        };
        return new Limits(kpi, bounds.target(), bounds.alert());
    }
}
