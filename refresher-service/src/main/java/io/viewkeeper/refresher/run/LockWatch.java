// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.run;

import io.viewkeeper.schema.database.Database;
import io.viewkeeper.schema.database.DatabaseException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Measures how long a backend waits for locks, by looking from another connection: PostgreSQL tells it of a running
 * wait only ({@code pg_locks.waitstart}). The first look is after 100 ms, the looks grow rarer, so a wait is known to
 * within the time between two looks and a short refresh costs nothing.
 */
final class LockWatch implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(LockWatch.class);
    private static final Duration FIRST_LOOK = Duration.ofMillis(100);
    private static final Duration RAREST_LOOK = Duration.ofSeconds(1);
    private static final int LOOKS_AT_LEAST = 5;

    private static final String CURRENT_WAIT = """
        /* viewkeeper:lock-watch */
        select
          pg_catalog.date_part('epoch', l.waitstart) as since,
          pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() - l.waitstart) * 1000 as waited_ms
        from pg_catalog.pg_locks l
        where l.pid = $1
          and not l.granted
          and l.waitstart is not null
        order by l.waitstart
        limit 1
        """;

    private record Wait(double since, double millis) {
        static final Wait NONE = new Wait(0, 0);
    }

    /** @param waiting whether it waited at that moment */
    private record Seen(double waitedMillis, boolean waiting, long atNanos) {}

    private final Database database;
    private final int backendPid;
    private final Duration rarest;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile Seen seen = new Seen(0, false, System.nanoTime());

    private LockWatch(Database database, int backendPid, Duration rarest) {
        this.database = database;
        this.backendPid = backendPid;
        this.rarest = rarest;
    }

    /** @param statementTimeout it looks several times within that, so that a limit that is spent on waiting is known to be */
    static LockWatch on(Database database, int backendPid, Duration statementTimeout) {
        var watch =
                new LockWatch(database, backendPid, shorter(statementTimeout.dividedBy(LOOKS_AT_LEAST), RAREST_LOOK));
        Thread.ofVirtual().name("lock-watch").start(watch::look);
        return watch;
    }

    private void look() {
        double before = 0;
        var current = Wait.NONE;
        var pause = shorter(FIRST_LOOK, rarest);
        try {
            while (!ended.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                Wait found = database.queryFirst(
                                CURRENT_WAIT,
                                row -> new Wait(row.getDouble("since"), row.getDouble("waited_ms")),
                                backendPid)
                        .orElse(Wait.NONE);
                if (found.since() != current.since()) {
                    before += current.millis();
                }
                current = found;
                seen = new Seen(before + current.millis(), !current.equals(Wait.NONE), System.nanoTime());
                pause = shorter(pause.multipliedBy(2), rarest);
            }
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
        } catch (DatabaseException blind) {
            LOG.debugf("lock-watch=ended reason=%s", blind.getMessage());
        }
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /** What is known so far. */
    long waitedMillis() {
        return Math.round(seen.waitedMillis());
    }

    /** As {@link #waitedMillis}, but counts a wait that the last look found as lasting until now: on a busy machine looks are late. */
    long waitedMillisAtMost() {
        var last = seen;
        long since = last.waiting() ? (System.nanoTime() - last.atNanos()) / 1_000_000 : 0;
        return Math.round(last.waitedMillis()) + since;
    }

    @Override
    public void close() {
        ended.countDown();
    }
}
