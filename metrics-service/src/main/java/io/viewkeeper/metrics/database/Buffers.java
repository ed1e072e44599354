// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics.database;

import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.viewkeeper.metrics.collector.Collecting;
import io.viewkeeper.metrics.collector.Statistics;
import io.viewkeeper.metrics.database.SharedBuffers.Usage;
import io.viewkeeper.schema.database.Database;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** The collector {@code buffers}: how full shared buffers are. */
@ApplicationScoped
class Buffers {
    private final Database database;
    private final Collecting collecting;
    private final StatisticsSettings settings;
    private final Clock clock;

    private final Obstacle obstacle = new Obstacle("shared_buffers_utilization");
    private volatile @Nullable Utilization utilization;

    Buffers(@Statistics Database database, Collecting collecting, StatisticsSettings settings, Clock clock) {
        this.database = database;
        this.collecting = collecting;
        this.settings = settings;
        this.clock = clock;
    }

    private record Utilization(Instant at, double share) {}

    @Scheduled(
            every = "${viewkeeper.metrics.statistics.shared-buffers-interval}",
            concurrentExecution = ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void tick() {
        collecting.run("buffers", this::sample);
    }

    /** Never two at a time. */
    void sample() {
        switch (database.inSession(SharedBuffers::read)) {
            case Usage.Known known -> {
                obstacle.gone();
                utilization = new Utilization(clock.instant(), known.share());
            }
            case Usage.Unknown unknown -> {
                obstacle.is(unknown.reason());
                utilization = null;
            }
        }
    }

    /** 0 to 1; the last value is kept for a while where a look fails. */
    OptionalDouble sharedBuffersUtilization() {
        var last = utilization;
        return last == null || !last.at().isAfter(clock.instant().minus(keeping()))
                ? OptionalDouble.empty()
                : OptionalDouble.of(last.share());
    }

    private Duration keeping() {
        var twoLooks = settings.sharedBuffersInterval().multipliedBy(2);
        return settings.window().compareTo(twoLooks) > 0 ? settings.window() : twoLooks;
    }
}
