// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.loop;

import io.viewkeeper.schema.log.Trouble;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A loop of named steps with a pulse. A step that fails keeps no other from its turn, and is reported once, for as long as it
 * fails. The pulse tells a loop that hangs from one that waits. One thread at a time takes a turn; any may look at the pulse.
 */
public final class Loop {
    private static final Logger LOG = Logger.getLogger(Loop.class);

    /**
     * How slow a loop may be.
     *
     * @param step how long one step may take before the loop counts as stuck
     * @param rest how long it may rest between two turns
     */
    public record Limits(Duration step, Duration rest) {
        public Limits {
            if (!step.isPositive() || !rest.isPositive()) {
                throw new IllegalArgumentException("the limits of a loop must be positive");
            }
        }
    }

    /** What is under way, or nothing. */
    private record Beat(@Nullable String step, long sinceNanos) {}

    private final String name;
    private final Limits limits;
    private final LongSupplier nanoTime;
    private final Trouble trouble = new Trouble();
    private final Map<String, Long> successes = new ConcurrentHashMap<>();
    private volatile Beat beat;
    private volatile long lastTurnNanos;
    private volatile Map<String, RuntimeException> failures = Map.of();
    private volatile boolean ended;

    public Loop(String name, Limits limits) {
        this(name, limits, System::nanoTime);
    }

    Loop(String name, Limits limits, LongSupplier nanoTime) {
        this.name = name;
        this.limits = limits;
        this.nanoTime = nanoTime;
        lastTurnNanos = nanoTime.getAsLong();
        beat = new Beat(null, lastTurnNanos);
    }

    public String name() {
        return name;
    }

    /** One turn. Whatever its steps throw is reported, not thrown. */
    public void turn(Consumer<Turn> steps) {
        var turn = new Turn();
        try {
            turn.step("begin", () -> steps.accept(turn));
        } finally {
            lastTurnNanos = nanoTime.getAsLong();
            beat = new Beat(null, lastTurnNanos);
            failures = Collections.unmodifiableMap(turn.failures);
            report();
        }
    }

    /** What the steps of the last turn have thrown, by their names. */
    public Map<String, RuntimeException> failures() {
        return failures;
    }

    /** A turn in which there is nothing to do yet: to wait is not to be stuck. */
    public void rest() {
        turn(_ -> {});
    }

    /** From now on it takes no more turns, and none is missed. */
    public void end() {
        ended = true;
    }

    private void report() {
        if (ended) {
            return; // What fails now is the end itself.
        }
        if (failures.isEmpty()) {
            if (trouble.endIsWorthALine()) {
                LOG.infof("loop=%s state=recovered", name);
            }
        } else if (trouble.isWorthALine()) {
            LOG.warnf("loop=%s state=degraded sinceSeconds=%d %s", name, trouble.seconds(), text());
        }
    }

    /** Steps that failed for one reason are one entry. */
    private String text() {
        var byReason = new LinkedHashMap<String, String>();
        failures.forEach((step, failure) ->
                byReason.merge(String.valueOf(failure.getMessage()), step, (one, other) -> one + "," + other));
        return byReason.entrySet().stream()
                .map(entry -> "step=" + entry.getValue() + " reason=\"" + entry.getKey() + "\"")
                .collect(Collectors.joining(" "));
    }

    /** Why it counts as stuck; empty while it works or waits. */
    public Optional<String> stuck() {
        if (ended) {
            return Optional.empty();
        }
        Beat now = beat;
        var since = Duration.ofNanos(nanoTime.getAsLong() - now.sinceNanos());
        String step = now.step();
        if (step == null) {
            return since.compareTo(limits.rest()) > 0
                    ? Optional.of("no turn for " + since.toSeconds() + " s")
                    : Optional.empty();
        }
        return since.compareTo(limits.step()) > 0
                ? Optional.of("in step " + step + " for " + since.toSeconds() + " s")
                : Optional.empty();
    }

    /** Since the last turn ended; before the first, since the loop was made. */
    public Duration lastTurnAge() {
        return Duration.ofNanos(nanoTime.getAsLong() - lastTurnNanos);
    }

    /** Since a step last succeeded, by its name; without those that never did. */
    public Map<String, Duration> lastSuccessAges() {
        long now = nanoTime.getAsLong();
        return successes.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, success -> Duration.ofNanos(now - success.getValue())));
    }

    /** A turn under way. */
    public final class Turn {
        private final Map<String, RuntimeException> failures = new LinkedHashMap<>();

        private Turn() {}

        /** Does the step; tells whether it succeeded. */
        public boolean step(String step, Runnable work) {
            Beat outer = beat;
            beat = new Beat(step, nanoTime.getAsLong());
            try {
                work.run();
                successes.put(step, nanoTime.getAsLong());
                return true;
            } catch (RuntimeException failure) {
                failures.put(step, failure);
                LOG.debugf(failure, "loop=%s step=%s state=failed", name, step);
                return false;
            } finally {
                beat = new Beat(outer.step(), nanoTime.getAsLong());
            }
        }

        /** A long step has got somewhere. */
        public void goesOn() {
            beat = new Beat(beat.step(), nanoTime.getAsLong());
        }
    }
}
