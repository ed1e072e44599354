// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics.database;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.viewkeeper.metrics.freshness.ViewRefreshed;
import io.viewkeeper.schema.event.ViewName;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * After refreshes, has the blocks of the refreshed views read, without waiting for the collector's interval.
 * One worker, which gathers for a moment: a burst of events is one reading.
 */
@ApplicationScoped
class RefreshedViews {
    private static final Logger LOG = Logger.getLogger(RefreshedViews.class);

    private final ViewBuffers viewBuffers;
    private final StatisticsSettings settings;
    private final Set<ViewName> noted = new HashSet<>();
    private final Semaphore wakeUps = new Semaphore(0);
    private volatile boolean stopped;

    RefreshedViews(ViewBuffers viewBuffers, StatisticsSettings settings) {
        this.viewBuffers = viewBuffers;
        this.settings = settings;
    }

    void start(@Observes StartupEvent starting) {
        Thread.ofVirtual().name("refreshed-views").start(this::loop);
    }

    void stop(@Observes ShutdownEvent stopping) {
        stopped = true;
        wakeUps.release();
    }

    void refreshed(@Observes ViewRefreshed event) {
        note(Set.of(event.view()));
    }

    private void note(Set<ViewName> views) {
        synchronized (noted) {
            noted.addAll(views);
        }
        wakeUps.release();
    }

    private Set<ViewName> takeNoted() {
        synchronized (noted) {
            var taken = Set.copyOf(noted);
            noted.clear();
            return taken;
        }
    }

    private void loop() {
        try {
            while (!stopped) {
                wakeUps.acquire();
                TimeUnit.MILLISECONDS.sleep(settings.eventPause().toMillis());
                wakeUps.drainPermits();
                if (!stopped) {
                    read();
                }
            }
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
        }
    }

    private void read() {
        var views = takeNoted();
        try {
            if (!viewBuffers.read(views)) {
                // The collector is at it, and may have been past these views: once more, after the pause.
                note(views);
            }
        } catch (RuntimeException bug) {
            LOG.error("action=read-blocks outcome=failed", bug);
        }
    }
}
