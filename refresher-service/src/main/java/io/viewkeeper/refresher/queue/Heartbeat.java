package io.viewkeeper.refresher.queue;

import io.viewkeeper.schema.database.Database;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Tells the other replicas that this process lives. */
public final class Heartbeat {
    private static final Duration PERIOD = Duration.ofSeconds(2);

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
    private final UUID processId;
    private @Nullable Long lastNanos;

    public Heartbeat(Database database, String instance, UUID processId) {
        this.database = database;
        this.instance = instance;
        this.processId = processId;
    }

    /** Not more often than is needed. */
    public void beat() {
        if (lastNanos == null || System.nanoTime() - lastNanos >= PERIOD.toNanos()) {
            database.update(BEAT, processId, instance);
            lastNanos = System.nanoTime();
        }
    }

    /** At the end of an orderly stop, when nothing runs any more. */
    public void leave() {
        database.update(LEAVE, processId);
    }
}
