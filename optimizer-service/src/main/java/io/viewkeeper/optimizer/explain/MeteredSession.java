package io.viewkeeper.optimizer.explain;

import io.viewkeeper.schema.database.RowReader;
import io.viewkeeper.schema.database.Session;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A session that counts what is asked of it. */
final class MeteredSession {
    private final Session session;
    private final Duration patience;
    private int statements;
    private long nanos;

    MeteredSession(Session session, Duration patience) {
        this.session = session;
        this.patience = patience;
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

    void discard() {
        var _ = metered(() -> {
            session.discard();
            return session;
        });
    }

    double millis() {
        return nanos / 1_000_000.0;
    }

    int statements() {
        return statements;
    }

    private <T> T metered(Supplier<T> work) {
        long start = System.nanoTime();
        try {
            return work.get();
        } finally {
            statements++;
            nanos += System.nanoTime() - start;
        }
    }
}
