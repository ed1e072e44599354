// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics.database;

import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.viewkeeper.metrics.collector.Collecting;
import io.viewkeeper.metrics.collector.Statistics;
import io.viewkeeper.metrics.database.StatementActivity.Activity;
import io.viewkeeper.metrics.database.StatementFigures.StatementDelta;
import io.viewkeeper.metrics.database.StatementReading.Counted;
import io.viewkeeper.metrics.database.StatementReading.Unavailable;
import io.viewkeeper.schema.database.Database;
import io.viewkeeper.schema.statement.Blocks;
import io.viewkeeper.schema.statement.Counters;
import io.viewkeeper.schema.statement.EntryKey;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The collector {@code statements}: what others executed, as pg_stat_statements counts it. */
@ApplicationScoped
class Statements {
    private static final Logger LOG = Logger.getLogger(Statements.class);

    private final Database database;
    private final StatisticsSettings settings;
    private final Collecting collecting;
    private final Event<StatementActivity> activities;
    private final Clock clock;

    private final Baseline<EntryKey, Counters> baseline = new Baseline<>(Baseline::rise);
    private final Window<List<StatementDelta>> window;
    private final Obstacle obstacle =
            new Obstacle("avg_query_time_ms,p95_query_time_ms,slow_query_count,buffer_cache_hit_ratio,"
                    + "viewkeeper_statement_*,viewkeeper_blocks_*");
    private boolean complete = true;
    private volatile @Nullable Sampled sampled;

    Statements(
            @Statistics Database database,
            StatisticsSettings settings,
            Collecting collecting,
            Event<StatementActivity> activities,
            Clock clock) {
        this.database = database;
        this.settings = settings;
        this.collecting = collecting;
        this.activities = activities;
        this.clock = clock;
        this.window = new Window<>(settings.window(), StatementDelta::together);
    }

    /**
     * What a scrape shows.
     *
     * @param calls since this process started
     * @param millis since this process started
     * @param blocks since this process started
     */
    record Sampled(Instant at, long calls, double millis, Blocks blocks, StatementFigures figures) {}

    @Scheduled(
            every = "${viewkeeper.metrics.statistics.statements-interval}",
            concurrentExecution = ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void tick() {
        var activity = new ArrayList<StatementActivity>();
        collecting.run("statements", () -> sample().ifPresent(activity::add));
        activity.forEach(activities::fire);
    }

    /** Never two at a time. Empty where nothing can be said of what was called since the last one. */
    Optional<StatementActivity> sample() {
        return switch (database.inSession(StatementSource::read)) {
            case Counted counted -> {
                obstacle.gone();
                tellOfLimit(counted.complete());
                yield take(counted);
            }
            case Unavailable unavailable -> {
                obstacle.is(unavailable.reason());
                var last = sampled;
                if (last != null) {
                    // The counters stay as they were, and so does the baseline: what is missed now is counted later.
                    sampled = new Sampled(
                            last.at(), last.calls(), last.millis(), last.blocks(), StatementFigures.UNKNOWN);
                }
                yield Optional.empty();
            }
        };
    }

    private Optional<StatementActivity> take(Counted counted) {
        var rises = baseline.take(counted.moment(), counted.totals(), counted.complete());
        var now = clock.instant();
        var deltas = rises.map(Statements::called);
        deltas.ifPresent(called -> window.add(now, called));
        var before = sampled;
        var sum = deltas.orElse(List.of()).stream().map(StatementDelta::totals).reduce(Counters::plus);
        sampled = new Sampled(
                now,
                (before == null ? 0 : before.calls()) + sum.map(Counters::calls).orElse(0L),
                (before == null ? 0 : before.millis())
                        + sum.map(Counters::totalMillis).orElse(0.0),
                (before == null ? Blocks.NONE : before.blocks())
                        .plus(sum.map(Counters::blocks).orElse(Blocks.NONE)),
                StatementFigures.of(window.deltas(now), settings.slowQueryThreshold()));
        return deltas.map(Statements::activity);
    }

    private static List<StatementDelta> called(Map<EntryKey, Counters> rises) {
        return rises.entrySet().stream()
                .filter(rise -> rise.getValue().calls() > 0)
                .map(rise -> new StatementDelta(rise.getKey(), rise.getValue()))
                .toList();
    }

    private static StatementActivity activity(List<StatementDelta> called) {
        return new StatementActivity(called.stream()
                .map(delta -> new Activity(
                        delta.key().userId(),
                        delta.key().queryId(),
                        delta.totals().calls(),
                        delta.totals().totalMillis()))
                .toList());
    }

    private void tellOfLimit(boolean all) {
        if (complete != all) {
            complete = all;
            LOG.infof(
                    all
                            ? "collector=statements limit=%d effect=\"all statements are looked at again\""
                            : "collector=statements limit=%d effect=\"statements beyond it are not counted\" hint=\"lower"
                                    + " pg_stat_statements.max\"",
                    StatementSource.MOST);
        }
    }

    /** Why nothing is known of statements, and what to do about it; empty while something is. */
    Optional<String> obstacle() {
        return obstacle.said();
    }

    /** Empty before the first sample. */
    Optional<Sampled> sampled() {
        return Optional.ofNullable(sampled);
    }

    /** Of the window; unknown when its last sample is older than it. */
    StatementFigures figures() {
        var last = sampled;
        return last == null || !last.at().isAfter(clock.instant().minus(settings.window()))
                ? StatementFigures.UNKNOWN
                : last.figures();
    }
}
