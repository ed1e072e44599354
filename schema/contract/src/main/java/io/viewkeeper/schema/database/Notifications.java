// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.database;

import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * What other sessions say by NOTIFY, for as long as a connection of the pool can be kept for it; a lost one is replaced.
 * What is said meanwhile is never heard: a wake-up, not a transport. Needs a session of its own, so not behind a proxy
 * that pools transactions.
 */
public final class Notifications {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    /** How often to see whether the connection is still there: of one that a network has forgotten nobody tells. */
    private static final Duration LOOK_INTERVAL = Duration.ofSeconds(20);

    private static final String LISTEN = "/* viewkeeper:notifications */ listen viewkeeper";
    private static final String UNLISTEN = "/* viewkeeper:notifications */ unlisten *";
    private static final String STILL_THERE = "/* viewkeeper:notifications */ select";

    /** Told of what happens to the connection; never blocks. */
    public interface Listener {
        /** Somebody said this, on the channel {@code viewkeeper}. */
        void heard(String payload);

        /** From now on everything is heard. What was said before this was not: look for yourself. */
        void listening();

        /** Nothing is heard until {@link #listening}. */
        void deaf(String reason);
    }

    private final Pool pool;
    private final Duration patience;
    private final Listener listener;
    private final Semaphore interruptions = new Semaphore(0);
    private volatile boolean stopped;

    /** @param patience how long a connection or a statement may take */
    public Notifications(Pool pool, Duration patience, Listener listener) {
        this.pool = pool;
        this.patience = patience;
        this.listener = listener;
    }

    /** Begins. */
    public void start() {
        Thread.ofVirtual().name("notifications").start(this::loop);
    }

    /** Ends, and gives the connection back. */
    public void stop() {
        stopped = true;
        interruptions.release();
    }

    private void loop() {
        Duration pause = FIRST_PAUSE;
        while (!stopped) {
            long start = System.nanoTime();
            try {
                listen();
            } catch (DatabaseException lost) {
                listener.deaf(String.valueOf(lost.getMessage()));
            } catch (InterruptedException interrupt) {
                Thread.currentThread().interrupt();
                return;
            }
            boolean lasted = System.nanoTime() - start > LONGEST_PAUSE.toNanos();
            pause = lasted ? FIRST_PAUSE : shorter(pause.multipliedBy(2), LONGEST_PAUSE);
            if (!stopped && !pause(pause)) {
                return;
            }
        }
    }

    private boolean pause(Duration pause) {
        try {
            var _ = interruptions.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private void listen() throws InterruptedException {
        SqlConnection connection = Connections.of(pool, patience);
        try {
            connection.closeHandler(_ -> interruptions.release());
            PgConnection.cast(connection).notificationHandler(said -> listener.heard(said.getPayload()));
            await(connection.query(LISTEN).execute());
            listener.listening();
            while (!stopped) {
                var _ = interruptions.tryAcquire(LOOK_INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
                interruptions.drainPermits();
                await(connection.query(STILL_THERE).execute());
            }
        } finally {
            connection.closeHandler(_ -> {});
            var _ = connection.query(UNLISTEN).execute().onComplete(_ -> connection.close());
        }
    }

    private <T> T await(Future<T> future) {
        try {
            return Await.result(future, patience);
        } catch (Await.AwaitTimeout timeout) {
            throw new DatabaseException(
                    SqlState.CONNECTION_FAILURE, "no answer from PostgreSQL within " + patience.toMillis() + " ms");
        }
    }
}
