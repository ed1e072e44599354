package io.viewkeeper.metrics.database;

import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.sqlclient.Row;
import io.viewkeeper.metrics.collector.Collecting;
import io.viewkeeper.metrics.collector.Statistics;
import io.viewkeeper.metrics.database.SharedBuffers.Usage;
import io.viewkeeper.schema.database.Database;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** The collector {@code buffers}: blocks of the database that were hit and read, and how full shared buffers are. */
@ApplicationScoped
class Buffers {
    private static final String BLOCKS = """
        /* viewkeeper:statistics */
        select
          %s,
          pg_catalog.pg_stat_get_db_blocks_fetched(d.oid) as fetched,
          pg_catalog.pg_stat_get_db_blocks_hit(d.oid) as hit
        from pg_catalog.pg_database d
        where d.datname = pg_catalog.current_database()
        """.formatted(ServerMoment.COLUMNS);

    private static final String ALL = "";

    private final Database database;
    private final Collecting collecting;
    private final StatisticsSettings settings;
    private final Clock clock;

    private final Baseline<String, Blocks> baseline = new Baseline<>(Blocks::rise);
    private final Window<Blocks> window;
    private final Obstacle obstacle = new Obstacle("shared_buffers_utilization");
    private volatile @Nullable Blocks sinceStart;
    private volatile @Nullable Utilization utilization;
    private @Nullable Instant looked;

    Buffers(@Statistics Database database, Collecting collecting, StatisticsSettings settings, Clock clock) {
        this.database = database;
        this.collecting = collecting;
        this.settings = settings;
        this.clock = clock;
        this.window = new Window<>(settings.window(), Blocks::plus);
    }

    private record Sample(ServerMoment moment, Blocks blocks) {}

    private record Utilization(Instant at, double share) {}

    @Scheduled(
            every = "${viewkeeper.metrics.statistics.buffers-interval}",
            concurrentExecution = ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void tick() {
        collecting.run("buffers", this::sample);
    }

    /** Reads the blocks alone, after an event; false when the collector is at it. */
    boolean readBlocks() {
        return collecting.run("buffers", this::sampleBlocks);
    }

    /** Never two at a time, nor beside {@link #sampleBlocks}. */
    void sample() {
        sampleBlocks();
        var now = clock.instant();
        var last = looked;
        if (last == null || !now.isBefore(last.plus(settings.sharedBuffersInterval()))) {
            looked = now;
            sampleSharedBuffers(now);
        }
    }

    void sampleBlocks() {
        var sample = database.queryOne(BLOCKS, Buffers::sample);
        var risen = baseline.take(sample.moment(), Map.of(ALL, sample.blocks()), true)
                .map(rises -> rises.getOrDefault(ALL, Blocks.NONE));
        risen.ifPresent(blocks -> window.add(clock.instant(), blocks));
        var before = sinceStart;
        sinceStart = (before == null ? Blocks.NONE : before).plus(risen.orElse(Blocks.NONE));
    }

    private void sampleSharedBuffers(Instant now) {
        switch (database.inSession(SharedBuffers::read)) {
            case Usage.Known known -> {
                obstacle.gone();
                utilization = new Utilization(now, known.share());
            }
            case Usage.Unknown unknown -> {
                obstacle.is(unknown.reason());
                utilization = null;
            }
        }
    }

    private static Sample sample(Row row) {
        return new Sample(ServerMoment.of(row), Blocks.ofFetched(row.getLong("fetched"), row.getLong("hit")));
    }

    /** Since this process started; empty before the first sample. */
    Optional<Blocks> sinceStart() {
        return Optional.ofNullable(sinceStart);
    }

    /** Of the window, 0 to 1. */
    OptionalDouble hitRatio() {
        return window.sum(clock.instant()).orElse(Blocks.NONE).hitRatio();
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
