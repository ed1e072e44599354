package io.viewkeeper.refresher.outbox;

import io.viewkeeper.schema.database.Database;
import io.viewkeeper.schema.database.DatabaseException;
import io.viewkeeper.schema.database.Instants;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Publishes whenever it is woken, and every second in any case: a commit of this replica wakes it, other replicas' and
 * left-over events are found by the poll.
 */
public final class OutboxLoop {
    private static final Logger LOG = Logger.getLogger(OutboxLoop.class);
    private static final long POLL_MILLIS = 1_000;

    private static final String BACKLOG = """
        /* viewkeeper:outbox */
        select count(*) as pending, min(created_at) as oldest
        from viewkeeper.event_outbox
        where published_at is null
        """;

    /**
     * What is known of the outbox.
     *
     * @param pending committed events that Kafka has not acknowledged
     * @param oldest when the first of them was committed; null when there is none
     * @param failure why the last round did not publish everything; null when it did
     */
    public record State(
            long pending,
            @Nullable Instant oldest,
            @Nullable String failure) {}

    private final Database database;
    private final OutboxPublisher publisher;
    private final Supplier<Optional<String>> obstacle;
    private final Semaphore wakeUps = new Semaphore(0);
    private volatile State state = new State(0, null, null);
    private volatile boolean stopped;

    /** @param obstacle what must be out of the way before anything is sent, asked until it says nothing */
    public OutboxLoop(Database database, OutboxPublisher publisher, Supplier<Optional<String>> obstacle) {
        this.database = database;
        this.publisher = publisher;
        this.obstacle = obstacle;
    }

    /** Begins. */
    public void start() {
        Thread.ofVirtual().name("outbox").start(this::loop);
    }

    /** There is something to publish. Never blocks. */
    public void wake() {
        wakeUps.release();
    }

    /** Ends after the round under way. */
    public void stop() {
        stopped = true;
        wake();
    }

    /** As of the last round. */
    public State state() {
        return state;
    }

    private void loop() {
        boolean clear = false;
        while (!stopped) {
            try {
                if (wakeUps.tryAcquire(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                    wakeUps.drainPermits();
                }
                Optional<String> inTheWay = clear ? Optional.empty() : obstacle.get();
                clear = inTheWay.isEmpty();
                observe(inTheWay.orElseGet(this::publishAll));
            } catch (InterruptedException interrupt) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException unexpected) {
                LOG.errorf(unexpected, "outbox=broken");
            }
        }
    }

    private @Nullable String publishAll() {
        try {
            OutboxPublisher.Round round;
            do {
                round = publisher.publish();
            } while (round.more() && !stopped);
            return round.failure();
        } catch (DatabaseException unreachable) {
            return unreachable.getMessage();
        }
    }

    private void observe(@Nullable String failure) {
        State before = state;
        state = backlog(before, failure);
        if (failure != null && before.failure() == null) {
            LOG.warnf("outbox=degraded pending=%d events are kept and sent later, reason=%s", state.pending(), failure);
        } else if (failure == null && before.failure() != null) {
            LOG.infof("outbox=recovered pending=%d", state.pending());
        }
    }

    private State backlog(State before, @Nullable String failure) {
        try {
            return database.queryOne(
                    BACKLOG, row -> new State(row.getLong("pending"), Instants.orNull(row, "oldest"), failure));
        } catch (DatabaseException unreachable) {
            return new State(before.pending(), before.oldest(), unreachable.getMessage());
        }
    }
}
