// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.viewkeeper.refresher.loop.RefreshLoop;
import io.viewkeeper.refresher.outbox.OutboxLoop;
import io.viewkeeper.refresher.schedule.Policies;
import io.viewkeeper.refresher.schedule.ScheduleConfig;
import io.viewkeeper.schema.service.gateway.SchemaGate;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.jboss.logging.Logger;

/** Starts, ticks and stops the loops. */
@Singleton
class Lifecycle {
    private static final Logger LOG = Logger.getLogger(Lifecycle.class);

    private final RefreshLoop refreshLoop;
    /** How long a stop waits for the events that are under way to Kafka; the rest is published after the next start. */
    private static final Duration LAST_ROUND = Duration.ofSeconds(5);

    private final OutboxLoop outboxLoop;
    private final WakeUps wakeUps;
    private final SchemaGate gate;
    private final Duration shutdownGrace;
    private final ReentrantLock turning = new ReentrantLock();
    private volatile boolean started;

    Lifecycle(RefreshLoop refreshLoop, OutboxLoop outboxLoop, WakeUps wakeUps, SchemaGate gate, ScheduleConfig config) {
        this.refreshLoop = refreshLoop;
        this.outboxLoop = outboxLoop;
        this.wakeUps = wakeUps;
        this.gate = gate;
        this.shutdownGrace = config.shutdownGrace();
    }

    void start(@Observes StartupEvent event, ScheduleConfig config, Policies policies, MeterRegistry registry) {
        if (config.groups().isEmpty()) {
            LOG.warn("state=idle reason=no group is configured, so no view is refreshed; set"
                    + " viewkeeper.refresh.groups.<group>.views and .interval");
        }
        policies.withoutGroup()
                .forEach(view -> LOG.warnf(
                        "view=%s state=unscheduled reason=it has settings under viewkeeper.refresh.views, but no group's"
                                + " pattern matches it",
                        view));
        Meters.register(refreshLoop, outboxLoop, registry);
        started = true;
        outboxLoop.start();
        wakeUps.start(this::tick);
    }

    // Not before the application has started: until then the channels of events are not wired.
    @Scheduled(
            every = "{viewkeeper.refresh.tick}",
            concurrentExecution = ConcurrentExecution.SKIP,
            skipExecutionIf = Scheduled.ApplicationNotRunning.class)
    @RunOnVirtualThread
    void tick() {
        turning.lock(); // The scheduler never overlaps with itself, but with a wake-up.
        try {
            if (gate.objection().isEmpty()) {
                refreshLoop.turn();
            } else {
                refreshLoop.rest();
            }
        } finally {
            turning.unlock();
        }
    }

    void stop(@Observes ShutdownEvent event) {
        if (!started) {
            return; // The start was given up: there is nothing to end, and the database is not to hear of it.
        }
        wakeUps.stop();
        refreshLoop.stop();
        try {
            int cancelled = refreshLoop.finish(shutdownGrace);
            if (cancelled > 0) {
                LOG.warnf(
                        "state=stopping %d refreshes still ran after %s; they were cancelled and are due again",
                        cancelled, shutdownGrace);
            }
        } catch (RuntimeException unreachable) {
            // What is not settled now is settled by whoever comes after.
            LOG.warnf("state=stopping reason=%s", unreachable.getMessage());
        }
        outboxLoop.stop(LAST_ROUND);
    }
}
