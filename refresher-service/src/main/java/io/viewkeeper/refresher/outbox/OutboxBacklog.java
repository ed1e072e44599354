// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.outbox;

import io.viewkeeper.schema.database.Database;
import io.viewkeeper.schema.database.DatabaseException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** How many events wait for Kafka. Counted on a thread of its own: a round of the publisher may hang as long as Kafka does. */
final class OutboxBacklog {
    private static final String COUNT = """
        /* viewkeeper:outbox */
        select
          count(*) as pending,
          (extract(epoch from pg_catalog.clock_timestamp() - min(created_at)) * 1000)::bigint as oldest_age_ms
        from viewkeeper.event_outbox
        where published_at is null
        """;

    /** A count is followed by a rest of this many times its duration: it takes a fiftieth at most. */
    private static final int REST = 49;

    /**
     * What was counted.
     *
     * @param oldestSince {@link System#nanoTime} when the first of them was written; null when there is none
     * @param failure why the count is an old one; null when it is not
     */
    record Size(
            long pending,
            @Nullable Long oldestSince,
            @Nullable String failure) {}

    private final Database database;
    private final Duration interval;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile Size size = new Size(0, null, null);

    OutboxBacklog(Database database, Duration interval) {
        this.database = database;
        this.interval = interval;
    }

    void start() {
        Thread.ofVirtual().name("outbox-backlog").start(this::watch);
    }

    void stop() {
        stopped.countDown();
    }

    Size size() {
        return size;
    }

    private void watch() {
        try {
            long restNanos = 0;
            while (!stopped.await(Math.max(interval.toNanos(), restNanos), TimeUnit.NANOSECONDS)) {
                long began = System.nanoTime();
                look();
                // One that fails waits for a server that is away, and costs that nothing.
                restNanos = size.failure() == null ? REST * (System.nanoTime() - began) : 0;
            }
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
        }
    }

    /** Counts now. */
    synchronized void look() {
        try {
            size = database.queryOne(
                    COUNT, row -> new Size(row.getLong("pending"), since(row.getLong("oldest_age_ms")), null));
        } catch (DatabaseException unreachable) {
            size = new Size(size.pending(), size.oldestSince(), unreachable.getMessage());
        }
    }

    private static @Nullable Long since(@Nullable Long ageMillis) {
        return ageMillis == null
                ? null
                : System.nanoTime() - Duration.ofMillis(ageMillis).toNanos();
    }
}
