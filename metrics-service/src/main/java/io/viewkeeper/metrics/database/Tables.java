// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics.database;

import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.viewkeeper.metrics.collector.Collecting;
import io.viewkeeper.metrics.collector.Statistics;
import io.viewkeeper.metrics.database.Scans.Kinds;
import io.viewkeeper.metrics.database.TableSource.Own;
import io.viewkeeper.schema.database.Database;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** The collector {@code tables}: scans of tables and materialized views, and how large all of them are. */
@ApplicationScoped
class Tables {
    private final Database database;
    private final Collecting collecting;
    private final StatisticsSettings settings;
    private final Clock clock;

    private final Baseline<Long, Long> baseline = new Baseline<>(Baseline::rise);
    private final Baseline<Long, Own> ownBaseline = new Baseline<>(Own::rise);
    private final Window<Scans> window;
    private Kinds total = Kinds.NONE;
    private volatile @Nullable Counted sinceStart;
    private volatile @Nullable Size size;

    Tables(@Statistics Database database, Collecting collecting, StatisticsSettings settings, Clock clock) {
        this.database = database;
        this.collecting = collecting;
        this.settings = settings;
        this.clock = clock;
        this.window = new Window<>(settings.window(), Scans::plus);
    }

    private record Size(Instant at, double ofEffectiveCache) {}

    /** Counters never fall: what was told before the server had counted it waits for that. */
    record Counted(long sequential, long byIndex) {
        static final Counted NONE = new Counted(0, 0);

        Counted risenTo(Kinds total) {
            return new Counted(
                    Math.max(sequential, total.sequential().atMost()),
                    Math.max(byIndex, total.byIndex().atMost()));
        }
    }

    @Scheduled(
            every = "${viewkeeper.metrics.statistics.tables-interval}",
            concurrentExecution = ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void tick() {
        collecting.run("tables", this::sample);
    }

    /** Never two at a time. */
    void sample() {
        var reading = database.inSession(TableSource::read);
        var rises = baseline.take(reading.moment(), reading.scansByRelation(), reading.complete());
        var own = ownBaseline.take(reading.moment(), reading.own(), reading.complete());
        var scans = rises.map(risen -> Scans.of(reading.relations(), risen, own.orElse(Map.of())));
        var now = clock.instant();
        scans.ifPresent(delta -> window.add(now, delta));
        total = total.plus(scans.orElse(Scans.NONE).sums().all());
        var before = sinceStart;
        sinceStart = before == null ? Counted.NONE : before.risenTo(total);
        size = new Size(now, reading.shareOfEffectiveCache());
    }

    /** Since this process started; empty before the first sample. */
    Optional<Counted> sinceStart() {
        return Optional.ofNullable(sinceStart);
    }

    /** Of the window; empty before the second sample. */
    Optional<Scans> scans() {
        return window.sum(clock.instant());
    }

    /** 0 to 1. */
    OptionalDouble effectiveCacheUsage() {
        var last = size;
        return last == null || !last.at().isAfter(clock.instant().minus(settings.window()))
                ? OptionalDouble.empty()
                : OptionalDouble.of(last.ofEffectiveCache());
    }
}
