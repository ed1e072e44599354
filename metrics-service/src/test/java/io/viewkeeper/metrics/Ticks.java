// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduler;
import io.viewkeeper.metrics.database.DatabaseTicks;
import io.viewkeeper.metrics.freshness.FreshnessTicks;
import io.viewkeeper.metrics.kpi.KpiTicks;
import io.viewkeeper.metrics.usage.UsageTicks;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Ticks in place of the scheduler, which never does so more often than each second. Only where {@code test.ticks} is set:
 * elsewhere the scheduler is tested, too.
 */
@ApplicationScoped
public class Ticks {
    private static final Logger LOG = Logger.getLogger(Ticks.class);
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final boolean wanted;
    private final Scheduler scheduler;
    private final Map<String, Runnable> ticks = new HashMap<>();
    private final Map<String, ReentrantLock> turns = new HashMap<>();
    private final List<Thread> threads = new ArrayList<>();
    private final CountDownLatch stopping = new CountDownLatch(1);

    Ticks(
            @ConfigProperty(name = "test.ticks", defaultValue = "false") boolean wanted,
            Scheduler scheduler,
            DatabaseTicks database,
            FreshnessTicks freshness,
            KpiTicks kpi,
            UsageTicks usage) {
        this.wanted = wanted;
        this.scheduler = scheduler;
        ticks.putAll(database.byCollector());
        ticks.put("views", freshness.views());
        ticks.put("kpi", kpi.evaluation());
        ticks.put("view_reads", usage.viewReads());
        // Fair: who holds a collector gets it although its ticks follow each other quickly.
        ticks.keySet().forEach(collector -> turns.put(collector, new ReentrantLock(true)));
    }

    void start(@Observes StartupEvent event) {
        if (wanted) {
            scheduler.pause();
            // Each for itself, for one of them may hang.
            ticks.forEach((collector, tick) ->
                    threads.add(Thread.ofVirtual().name("tick-" + collector).start(() -> loop(collector, tick))));
        }
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        stopping.countDown();
        for (var thread : threads) {
            thread.join();
        }
    }

    private void loop(String collector, Runnable tick) {
        try {
            do {
                inTurn(collector, tick);
            } while (!stopping.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
        }
    }

    private void inTurn(String collector, Runnable tick) {
        var turn = turn(collector);
        turn.lock();
        try {
            tick.run();
        } catch (RuntimeException failure) {
            // As the scheduler does.
            LOG.errorf(failure, "tick of %s", collector);
        } finally {
            turn.unlock();
        }
    }

    private ReentrantLock turn(String collector) {
        return Objects.requireNonNull(turns.get(collector), collector);
    }

    /** No tick of these collectors runs until {@link #release}, by the same thread. */
    void hold(List<String> collectors) {
        collectors.forEach(collector -> turn(collector).lock());
    }

    void release(List<String> collectors) {
        collectors.forEach(collector -> turn(collector).unlock());
    }
}
