// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.shapes;

import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.sandbox.server.SandboxDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Reads views again and again until closed. Not the time is measured, which a busy machine makes long, but the wait for
 * locks: the server ends a statement of this session that waits for one for more than 100 ms.
 */
final class Reader implements AutoCloseable {
    private static final String LIMIT = "set lock_timeout = '100ms'";

    private final Thread thread;
    private volatile boolean closed;
    private final AtomicInteger rounds = new AtomicInteger();
    private final AtomicInteger readsDuringARefresh = new AtomicInteger();
    private volatile @Nullable String failure;

    private Reader(SandboxDatabase database, List<String> views) {
        thread = Thread.ofPlatform().name("reader").start(() -> {
            try (var connection = database.connect(Role.REFRESHER)) {
                connection.createStatement().execute(LIMIT);
                read(connection, views);
            } catch (SQLException refused) {
                failure = refused.getMessage();
            }
        });
    }

    static Reader of(SandboxDatabase database, List<String> views) {
        return new Reader(database, views);
    }

    private void read(Connection connection, List<String> views) throws SQLException {
        while (!closed) {
            int found = 0;
            for (String view : views) {
                var read = """
                    select
                      (select count(*) from %1$s) as rows,
                      exists (
                        select
                        from pg_locks
                        where relation = '%1$s'::regclass and mode = 'ExclusiveLock' and granted
                      ) as during_a_refresh
                    """.formatted(view);
                try (var statement = connection.createStatement();
                        var rows = statement.executeQuery(read)) {
                    rows.next();
                    found += rows.getBoolean("during_a_refresh") ? 1 : 0;
                }
            }
            readsDuringARefresh.addAndGet(found);
            rounds.incrementAndGet();
        }
    }

    /** Times that every view was read. */
    int rounds() {
        return rounds.get();
    }

    int readsDuringARefresh() {
        return readsDuringARefresh.get();
    }

    /** Why it reads no more; null: it reads. */
    @Nullable
    String failure() {
        return failure;
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join();
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
        }
    }
}
