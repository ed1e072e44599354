// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.sqlclient.Pool;
import io.viewkeeper.refresher.Replica;
import io.viewkeeper.refresher.Workshop;
import io.viewkeeper.sandbox.server.Await;
import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.schema.database.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("server")
class LockWatchTest {
    private static final Duration LIMIT = Duration.ofSeconds(1);

    private final Workshop workshop = new Workshop().asOwner("create table w.t (k int)");

    @Test
    void aWaitThatIsOverIsNotPutOn() throws SQLException {
        try (var waiter = workshop.database().connect(Role.OWNER);
                var watch = watchOf(waiter, Replica.pool(workshop.database(), Role.REFRESHER))) {
            waitOnce(waiter, watch);
            var last = new AtomicLong(-1);
            Await.until("it grows no more", () -> {
                long now = watch.waitedMillisAtMost();
                return last.getAndSet(now) == now;
            });
            assertThat(watch.waitedMillisAtMost()).isEqualTo(watch.waitedMillis());
        }
    }

    /** On a busy machine looks come late; here none comes any more. */
    @Test
    void aWaitThatTheLastLookHasFoundLastsAtMostUntilNow() throws SQLException {
        var pool = Replica.pool(workshop.database(), Role.REFRESHER);
        try (var waiter = workshop.database().connect(Role.OWNER);
                var watch = watchOf(waiter, pool)) {
            waitOnce(
                    waiter,
                    watch,
                    () -> pool.close().toCompletionStage().toCompletableFuture().join());
            Await.until("at most much more", () -> watch.waitedMillisAtMost() > watch.waitedMillis() + 1_000);
        }
    }

    private static LockWatch watchOf(Connection session, Pool pool) throws SQLException {
        try (var row = session.createStatement().executeQuery("select pg_catalog.pg_backend_pid()")) {
            row.next();
            return LockWatch.on(new Database(pool, Await.PATIENCE), row.getInt(1), LIMIT);
        }
    }

    private void waitOnce(Connection waiter, LockWatch watch) throws SQLException {
        waitOnce(waiter, watch, () -> {});
    }

    /** Lets the session wait for a lock until the watch has seen it, and does something before it gets the lock. */
    private void waitOnce(Connection waiter, LockWatch watch, Runnable meanwhile) throws SQLException {
        try (var blocker = workshop.database().connect(Role.OWNER)) {
            blocker.setAutoCommit(false);
            blocker.createStatement().execute("lock table w.t in access exclusive mode");
            var waiting = Thread.ofVirtual().start(() -> {
                try {
                    waiter.createStatement().execute("select from w.t");
                } catch (SQLException wrong) {
                    throw new IllegalStateException(wrong);
                }
            });
            Await.until("the wait is seen", () -> watch.waitedMillis() > 0);
            meanwhile.run();
            blocker.rollback();
            waiting.join();
        } catch (InterruptedException stopped) {
            throw new IllegalStateException(stopped);
        }
    }
}
