// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher;

import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.sandbox.server.SandboxDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/**
 * How long the machine, this JVM or PostgreSQL has stood still: a session asks again and again for nothing, and what its
 * answers take too long is no fault of whoever is measured beside it.
 */
public final class Standstills implements AutoCloseable {
    private static final long USUAL_NANOS = Duration.ofMillis(250).toNanos();
    private static final int BETWEEN_LOOKS_MILLIS = 20;

    private final Connection connection;
    private final Thread thread;
    private volatile boolean closed;
    private long answered = System.nanoTime();
    private long stoodStill;

    private Standstills(Connection connection) {
        this.connection = connection;
        this.thread = Thread.ofPlatform().name("standstills").start(this::look);
    }

    /** From now on. */
    public static Standstills of(SandboxDatabase database) throws SQLException {
        return new Standstills(database.connect(Role.SUPERUSER));
    }

    private void look() {
        try (var statement = connection.createStatement()) {
            while (!closed) {
                statement.execute("select");
                answered();
                Thread.sleep(BETWEEN_LOOKS_MILLIS);
            }
        } catch (SQLException wrong) {
            throw new IllegalStateException(wrong);
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void answered() {
        stoodStill = untilNow();
        answered = System.nanoTime();
    }

    /** All of them together, with one that lasts. */
    public synchronized Duration together() {
        // Without this, a broken session would look like a standstill that never ends, and all would be forgiven.
        if (!thread.isAlive()) {
            throw new AssertionError("nobody looks for standstills: the session has broken");
        }
        return Duration.ofNanos(untilNow());
    }

    private long untilNow() {
        return stoodStill + Math.max(0, System.nanoTime() - answered - USUAL_NANOS);
    }

    @Override
    public void close() throws SQLException {
        closed = true;
        try {
            thread.join();
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
        }
        connection.close();
    }
}
