// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.queue;

import io.viewkeeper.schema.database.Database;
import io.viewkeeper.schema.database.DatabaseException;
import io.viewkeeper.schema.database.Session;
import io.viewkeeper.schema.loop.Loop;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Tells the other replicas that this process lives, on a thread and a connection of its own: whatever a turn waits for, nobody
 * takes the process for dead.
 */
public final class Heartbeat {
    public static final Duration PERIOD = Duration.ofSeconds(1);

    private static final Duration LAST_BEAT = Duration.ofSeconds(5);

    private static final String BEAT = """
        /* viewkeeper:heartbeat */
        insert into viewkeeper.refresher_process (process_id, instance)
        values ($1, $2)
        on conflict (process_id) do update set heartbeat_at = pg_catalog.clock_timestamp()
        """;

    private static final String LEAVE = """
        /* viewkeeper:heartbeat */
        delete from viewkeeper.refresher_process
        where process_id = $1
        """;

    private final Database database;
    private final String instance;
    private final Duration period;
    private final Loop loop;
    private final UUID processId = UUID.randomUUID();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private @Nullable Thread thread;

    /** @param instance name of this replica in logs, history and events */
    public Heartbeat(Database database, String instance, Duration period, Loop loop) {
        this.database = database;
        this.instance = instance;
        this.period = period;
        this.loop = loop;
    }

    public UUID processId() {
        return processId;
    }

    public String instance() {
        return instance;
    }

    public Duration period() {
        return period;
    }

    /** Before anything is claimed: others take a process without a row for dead. Does nothing once it beats. */
    public synchronized void begin() {
        if (thread == null) {
            loop.rest();
            database.update(BEAT, processId, instance);
            thread = Thread.ofPlatform().daemon().name("heartbeat").start(this::beatUntilStopped);
        }
    }

    /** Instead of beginning, while nothing may be claimed. */
    public synchronized void rest() {
        if (thread == null) {
            loop.rest();
        }
    }

    private void beatUntilStopped() {
        while (!rests()) {
            try {
                database.inSession(this::beatOn);
            } catch (DatabaseException broken) {
                // Another session follows.
                loop.turn(_ -> {
                    throw broken;
                });
            }
        }
        loop.end();
    }

    private boolean beatOn(Session session) {
        do {
            session.update(BEAT, processId, instance);
            loop.rest();
        } while (!rests());
        return true;
    }

    /** Until the next beat, or the end; tells which. */
    private boolean rests() {
        try {
            return stopped.await(period.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /** From now on it does not beat. */
    public void stop() {
        stopped.countDown();
    }

    /** At the end of an orderly stop, when nothing runs any more. A beat that is under way comes first. */
    public synchronized void leave() {
        stop();
        try {
            if (thread != null) {
                thread.join(LAST_BEAT);
            }
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
        }
        database.update(LEAVE, processId);
    }
}
