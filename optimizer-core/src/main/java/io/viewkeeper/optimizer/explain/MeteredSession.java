// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.explain;

import io.viewkeeper.optimizer.explain.Explanation.Taken;
import io.viewkeeper.schema.database.DatabaseException;
import io.viewkeeper.schema.database.RowReader;
import io.viewkeeper.schema.database.Session;
import io.viewkeeper.schema.database.SqlState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A session that counts what is asked of it, and asks nothing more when it has taken what it may. */
final class MeteredSession {
    private final Session session;
    private final Duration patience;
    private final double mostMillis;
    private int statements;
    private long nanos;

    /** @param mostMillis what all statements together may take; the last one begins before that */
    MeteredSession(Session session, Duration patience, double mostMillis) {
        this.session = session;
        this.patience = patience;
        this.mostMillis = mostMillis;
    }

    <T> List<T> query(String sql, RowReader<T> reader, @Nullable Object... parameters) {
        return metered(() -> session.query(sql, reader, parameters));
    }

    <T> Optional<T> queryFirst(String sql, RowReader<T> reader, @Nullable Object... parameters) {
        return metered(() -> session.queryFirst(sql, reader, parameters));
    }

    <T> T queryOne(String sql, RowReader<T> reader, @Nullable Object... parameters) {
        return metered(() -> session.queryOne(sql, reader, parameters));
    }

    /** In the extended protocol: the server refuses two statements. */
    void one(String sql) {
        var _ = metered(() -> session.update(sql));
    }

    /** In the simple protocol, which takes several: only for texts of ours. */
    void command(String sql) {
        var _ = metered(() -> {
            session.command(sql, patience);
            return sql;
        });
    }

    void begin(String sql) {
        var _ = metered(() -> {
            session.begin(sql);
            return sql;
        });
    }

    /** Whatever it has taken. */
    void discard() {
        var _ = counted(() -> {
            session.discard();
            return session;
        });
    }

    Taken taken() {
        return new Taken(nanos / 1_000_000.0, statements);
    }

    private <T> T metered(Supplier<T> work) {
        if (taken().millis() >= mostMillis) {
            throw new DatabaseException(
                    SqlState.QUERY_CANCELED,
                    "an explanation may take %.0f ms of the database, and that is spent".formatted(mostMillis));
        }
        return counted(work);
    }

    private <T> T counted(Supplier<T> work) {
        long start = System.nanoTime();
        try {
            return work.get();
        } finally {
            statements++;
            nanos += System.nanoTime() - start;
        }
    }
}
