// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics.freshness;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.viewkeeper.schema.event.RefreshMethod;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Counts runs and how late their events come; none of it by view. Times are seconds. */
@ApplicationScoped
class RunMeters {
    private static final double[] DURATION_BUCKETS = {
        0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1_800, 3_600
    };
    private static final double[] DELIVERY_BUCKETS = {
        0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60, 600, 3_600
    };

    /** As many methods have series of their own; a topic that others write may name any. */
    private static final int MOST_METHODS = 10;

    private static final RefreshMethod FURTHER_METHODS = new RefreshMethod("other");

    private final MeterRegistry registry;
    private final Map<RefreshMethod, DistributionSummary> durations = new ConcurrentHashMap<>();
    private final DistributionSummary delivery;

    RunMeters(MeterRegistry registry) {
        this.registry = registry;
        for (var method : List.of(RefreshMethod.CONCURRENT, RefreshMethod.PLAIN, RefreshMethod.SKIPPED)) {
            durations.put(method, durationOf(method));
        }
        delivery = DistributionSummary.builder("viewkeeper_event_delivery_seconds")
                .description("Seconds from the end of a refresh (clock of the database) to its event being read here")
                .serviceLevelObjectives(DELIVERY_BUCKETS)
                .register(registry);
    }

    private DistributionSummary durationOf(RefreshMethod method) {
        return DistributionSummary.builder("viewkeeper_refresh_duration_seconds")
                .description("Seconds that refreshes took, since this process started")
                .tag("method", method.wireName())
                .serviceLevelObjectives(DURATION_BUCKETS)
                .register(registry);
    }

    void run(FinishedRun run) {
        boolean known = durations.containsKey(run.method()) || durations.size() < MOST_METHODS;
        durations
                .computeIfAbsent(known ? run.method() : FURTHER_METHODS, this::durationOf)
                .record(seconds(run.duration()));
    }

    void delivery(Instant finishedAt, Instant now) {
        // The two clocks may differ: an event that seems to come from the future took no time.
        delivery.record(Math.max(0, seconds(Duration.between(finishedAt, now))));
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
