// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher;

import io.vertx.sqlclient.Pool;
import io.viewkeeper.refresher.outbox.OutboxLoop;
import io.viewkeeper.schema.database.Notifications;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Hears what other replicas and SQL functions say, so that an event or a request does not wait for the next poll. Without
 * it (behind a proxy that pools transactions) everything happens all the same, up to a second later.
 */
@Singleton
class WakeUps implements Notifications.Listener {
    private static final Logger LOG = Logger.getLogger(WakeUps.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final OutboxLoop outbox;
    private final Notifications notifications;
    private final boolean possible;
    private final Semaphore requests = new Semaphore(0);
    private volatile boolean stopped;
    private boolean deaf;

    WakeUps(
            Pool pool,
            OutboxLoop outbox,
            @ConfigProperty(name = "quarkus.datasource.reactive.postgresql.use-layer7-proxy", defaultValue = "false")
                    boolean behindProxy) {
        this.outbox = outbox;
        this.notifications = new Notifications(pool, PATIENCE, this);
        this.possible = !behindProxy;
    }

    /** @param onRequest called, on a thread of its own, after somebody has asked for a refresh */
    void start(Runnable onRequest) {
        if (!possible) {
            LOG.info("notifications=off reason=use-layer7-proxy is set; the polls find what is new");
            return;
        }
        notifications.start();
        Thread.ofVirtual().name("requests").start(() -> {
            while (!stopped) {
                requests.acquireUninterruptibly();
                requests.drainPermits();
                if (!stopped) {
                    onRequest.run();
                }
            }
        });
    }

    void stop() {
        stopped = true;
        requests.release();
        notifications.stop();
    }

    @Override
    public void heard(String payload) {
        switch (payload) {
            case "outbox" -> outbox.wake();
            case "request" -> requests.release();
            default -> LOG.debugf("notification=%s is of another version", payload);
        }
    }

    @Override
    public void listening() {
        if (deaf) {
            LOG.info("notifications=recovered");
        }
        deaf = false;
        outbox.wake();
        requests.release();
    }

    @Override
    public void deaf(String reason) {
        if (!deaf && !stopped) {
            LOG.infof("notifications=lost the polls find what is new, reason=%s", reason);
        }
        deaf = true;
    }
}
