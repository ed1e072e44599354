// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics.collector;

import io.quarkus.runtime.ShutdownEvent;
import io.viewkeeper.metrics.exposition.Family;
import io.viewkeeper.metrics.exposition.Family.Kind;
import io.viewkeeper.metrics.exposition.Family.Point;
import io.viewkeeper.metrics.exposition.FamilySource;
import io.viewkeeper.schema.database.DatabaseException;
import io.viewkeeper.schema.loop.Loop;
import io.viewkeeper.schema.service.loop.Loops;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.ToDoubleFunction;
import org.eclipse.microprofile.config.inject.ConfigProperty;
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
    private static final List<String> LABELS = List.of("database", "collector");

    /** The settings may have a collector pause for as long as they like: only a sample that hangs is a fault. */
    private static final Duration LONGEST_PAUSE = Duration.ofDays(3_650);

    private final Clock clock;
    private final Loops loops;
    private final DatabaseName database;
    private final Duration silence;
    private final Map<String, State> states = new ConcurrentSkipListMap<>();
    private volatile boolean stopping;

    /** @param silence how long nothing may succeed before what is known is too old to judge by */
    Collecting(
            Clock clock,
            Loops loops,
            DatabaseName database,
            @ConfigProperty(name = "viewkeeper.metrics.collector.silent-after") Duration silence) {
        this.clock = clock;
        this.loops = loops;
        this.database = database;
        this.silence = silence;
    }

    /** From then on the connections are closed, which is no failure. */
    void stop(@Observes ShutdownEvent event) {
        stopping = true;
    }

    /** Since when a collector fails, if that is for too long to judge by what it has read. */
    public Optional<Instant> silentSince(String collector) {
        var state = states.get(collector);
        return state == null
                ? Optional.empty()
                : state.silentSince(clock.instant().minus(silence));
    }

    /** Whether the database answers any collector; empty before it did so, or has not done so for long. */
    private OptionalDouble isUp() {
        var runs =
                states.values().stream().filter(state -> state.last() != null).toList();
        var oldest = clock.instant().minus(silence);
        if (!runs.isEmpty()
                && runs.stream().allMatch(state -> state.silentSince(oldest).isPresent())) {
            return OptionalDouble.of(0);
        }
        return runs.stream().anyMatch(State::hasSucceeded) ? OptionalDouble.of(1) : OptionalDouble.empty();
    }

    /** Runs it now, unless it is running: then false, and nothing happens. A failure is logged when it begins and ends. */
    public boolean run(String collector, Runnable sample) {
        var state =
                states.computeIfAbsent(collector, name -> new State(clock.instant(), loops.loop(name, LONGEST_PAUSE)));
        if (!state.begin()) {
            return false;
        }
        state.loop().turn(_ -> sample(collector, state, sample));
        return true;
    }

    private void sample(String collector, State state, Runnable sample) {
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
    }

    private void report(String collector, boolean changed, @Nullable String failure) {
        if (!changed || stopping) {
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
                Family.single(
                        "viewkeeper_database_up",
                        Kind.GAUGE,
                        "1 while the database answers any collector, 0 when none got an answer for a while",
                        List.of("database"),
                        List.of(database.get()),
                        isUp()),
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

    private Family family(String name, String help, List<Named> runs, ToDoubleFunction<Run> value) {
        var points = runs.stream()
                .map(run -> new Point(List.of(database.get(), run.collector()), value.applyAsDouble(run.run())))
                .toList();
        return new Family(name, Kind.GAUGE, help, LABELS, points, 0);
    }

    /** By this machine's clock as it is now: others compare it with theirs. */
    private double seconds(@Nullable Instant instant) {
        return instant == null
                ? Double.NaN
                : Instant.now()
                                .minus(Duration.between(instant, clock.instant()))
                                .toEpochMilli()
                        / 1e3;
    }

    private record Named(String collector, Run run) {}

    private record Run(
            Duration duration, boolean succeeded, @Nullable Instant lastSuccess) {}

    private static final class State {
        private final Instant begun;
        private final Loop loop;
        private @Nullable Run last;
        private boolean running;

        State(Instant begun, Loop loop) {
            this.begun = begun;
            this.loop = loop;
        }

        Loop loop() {
            return loop;
        }

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

        /** @param oldest a success after this is fresh enough */
        synchronized Optional<Instant> silentSince(Instant oldest) {
            if (last == null || last.succeeded()) {
                return Optional.empty();
            }
            var heard = last.lastSuccess() == null ? begun : last.lastSuccess();
            return heard.isAfter(oldest) ? Optional.empty() : Optional.of(heard);
        }

        synchronized boolean hasSucceeded() {
            return last != null && last.lastSuccess() != null;
        }

        synchronized @Nullable Run last() {
            return last;
        }
    }
}
