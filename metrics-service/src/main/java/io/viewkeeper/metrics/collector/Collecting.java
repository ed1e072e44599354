package io.viewkeeper.metrics.collector;

import io.viewkeeper.metrics.exposition.Family;
import io.viewkeeper.metrics.exposition.Family.Kind;
import io.viewkeeper.metrics.exposition.Family.Point;
import io.viewkeeper.metrics.exposition.FamilySource;
import io.viewkeeper.schema.database.DatabaseException;
import jakarta.annotation.Priority;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.ToDoubleFunction;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Runs named collectors, each never twice at a time, and tells how they fare. One that the database refuses keeps what it
 * collected last.
 */
@Singleton
@Priority(100)
public class Collecting implements FamilySource {
    private static final Logger LOG = Logger.getLogger(Collecting.class);
    private static final List<String> LABELS = List.of("collector");

    private final Clock clock;
    private final Map<String, State> states = new ConcurrentSkipListMap<>();

    Collecting(Clock clock) {
        this.clock = clock;
    }

    /** Runs it now, unless it is running: then false, and nothing happens. A failure is logged when it begins and ends. */
    public boolean run(String collector, Runnable sample) {
        var state = states.computeIfAbsent(collector, name -> new State());
        if (!state.begin()) {
            return false;
        }
        var began = clock.instant();
        String failure = "it was interrupted";
        try {
            sample.run();
            failure = null;
        } catch (DatabaseException refused) {
            failure = String.valueOf(refused.getMessage());
        } finally {
            report(collector, state.end(began, clock.instant(), failure), failure);
        }
        return true;
    }

    private static void report(String collector, boolean changed, @Nullable String failure) {
        if (!changed) {
            return;
        }
        if (failure == null) {
            LOG.infof("collector=%s outcome=recovered", collector);
        } else {
            LOG.warnf(
                    "collector=%s outcome=failed effect=\"its metrics stay as they were\" reason=\"%s\"",
                    collector, failure);
        }
    }

    @Override
    public List<Family> families() {
        var runs = new ArrayList<Named>();
        states.forEach((name, state) -> {
            var last = state.last();
            if (last != null) {
                runs.add(new Named(name, last));
            }
        });
        return List.of(
                family(
                        "viewkeeper_collector_duration_seconds",
                        "How long the last run of the collector took, good or bad",
                        runs,
                        run -> run.duration().toNanos() / 1e9),
                family(
                        "viewkeeper_collector_success",
                        "1 if the last run of the collector succeeded, 0 if it failed: its metrics are then older",
                        runs,
                        run -> run.succeeded() ? 1 : 0),
                family(
                        "viewkeeper_collector_last_success_timestamp_seconds",
                        "When the collector last succeeded",
                        runs.stream()
                                .filter(run -> run.run().lastSuccess() != null)
                                .toList(),
                        run -> seconds(run.lastSuccess())));
    }

    private static Family family(String name, String help, List<Named> runs, ToDoubleFunction<Run> value) {
        var points = runs.stream()
                .map(run -> new Point(List.of(run.collector()), value.applyAsDouble(run.run())))
                .toList();
        return new Family(name, Kind.GAUGE, help, LABELS, points, 0);
    }

    private static double seconds(@Nullable Instant instant) {
        return instant == null ? Double.NaN : instant.toEpochMilli() / 1e3;
    }

    private record Named(String collector, Run run) {}

    private record Run(
            Duration duration, boolean succeeded, @Nullable Instant lastSuccess) {}

    private static final class State {
        private @Nullable Run last;
        private boolean running;

        synchronized boolean begin() {
            boolean idle = !running;
            running = true;
            return idle;
        }

        /** Whether it began to fail, or to succeed again. */
        synchronized boolean end(Instant began, Instant ended, @Nullable String failure) {
            boolean succeeded = failure == null;
            boolean changed = last == null ? !succeeded : last.succeeded() != succeeded;
            var lastSuccess = succeeded ? ended : last == null ? null : last.lastSuccess();
            last = new Run(Duration.between(began, ended), succeeded, lastSuccess);
            running = false;
            return changed;
        }

        synchronized @Nullable Run last() {
            return last;
        }
    }
}
