package io.viewkeeper.refresher.outbox;

import io.viewkeeper.schema.database.Database;
import io.viewkeeper.schema.database.DatabaseException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Publishes whenever it is woken, and every second in any case: each commit that wrote an event wakes all replicas by
 * NOTIFY, and the poll finds what was left over. A wake-up during a round leads to another round, so none is lost.
 */
public final class OutboxLoop {
    private static final Logger LOG = Logger.getLogger(OutboxLoop.class);
    /** While another replica publishes: it may have begun before the event that woke us was committed. */
    private static final Duration FIRST_PAUSE = Duration.ofMillis(20);

    /** How often topics that are not there are looked for, while others are. */
    private static final Duration TOPIC_INTERVAL = Duration.ofSeconds(10);

    private static final String BACKLOG = """
        /* viewkeeper:outbox */
        select
          count(*) as pending,
          (extract(epoch from pg_catalog.clock_timestamp() - min(created_at)) * 1000)::bigint as oldest_age_ms
        from viewkeeper.event_outbox
        where published_at is null
        """;

    private static final Duration RETRY_INTERVAL = Duration.ofSeconds(2);

    /**
     * What is known of the outbox.
     *
     * @param pending committed events that Kafka has not acknowledged
     * @param oldestSince {@link System#nanoTime} when the first of them was written; null when there is none
     * @param failure why the last round did not publish everything; null when it did
     */
    public record State(
            long pending,
            @Nullable Long oldestSince,
            @Nullable String failure) {

        /** How long the first of them has waited, by the database's clock; zero when there is none. */
        public Duration oldestAge() {
            return oldestSince == null ? Duration.ZERO : Duration.ofNanos(Math.max(0, System.nanoTime() - oldestSince));
        }
    }

    private final Database database;
    private final OutboxPublisher publisher;
    private final Supplier<OpenTopics> opening;
    private final Duration poll;
    private final Semaphore wakeUps = new Semaphore(0);
    private volatile State state = new State(0, null, null);
    private volatile boolean stopped;
    private OpenTopics open = OpenTopics.none("not looked yet");
    private long openedAt;
    private long failedAt;
    private Duration pause;

    /**
     * @param opening where events may be sent, asked until nothing is in the way
     * @param poll when to look without having been woken
     */
    public OutboxLoop(Database database, OutboxPublisher publisher, Supplier<OpenTopics> opening, Duration poll) {
        this.database = database;
        this.publisher = publisher;
        this.opening = opening;
        this.poll = poll;
        this.pause = poll;
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
        while (!stopped) {
            try {
                if (wakeUps.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                    wakeUps.drainPermits();
                }
                open();
                String failure = publishAll();
                observe(failure == null ? open.obstacle() : failure);
            } catch (InterruptedException interrupt) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException unexpected) {
                pause = poll;
                LOG.errorf(unexpected, "outbox=broken");
            }
        }
    }

    private void open() {
        boolean lookAgain = open.topics().isEmpty() || System.nanoTime() - openedAt > TOPIC_INTERVAL.toNanos();
        if (open.obstacle() != null && lookAgain) {
            open = opening.get();
            openedAt = System.nanoTime();
        }
    }

    private @Nullable String publishAll() {
        if (open.topics().isEmpty()) {
            pause = poll;
            return null;
        }
        try {
            var round = publisher.publish(open.topics());
            String failure = noted(round, null);
            while (!stopped && !round.elsewhere() && (round.more() || retryDue())) {
                round = round.more() ? publisher.publish(open.topics()) : publisher.retry(open.topics());
                failure = noted(round, failure);
            }
            pause = round.elsewhere() ? longer(pause) : poll;
            return failure == null && publisher.failing() ? state.failure() : failure;
        } catch (DatabaseException unreachable) {
            pause = poll;
            return unreachable.getMessage();
        }
    }

    private @Nullable String noted(OutboxPublisher.Round round, @Nullable String before) {
        if (round.failure() == null) {
            return before;
        }
        failedAt = System.nanoTime();
        return round.failure();
    }

    /** Now and then, for what fails may take the whole delivery timeout, and what is new waits behind it. */
    private boolean retryDue() {
        return publisher.failing() && System.nanoTime() - failedAt > RETRY_INTERVAL.toNanos();
    }

    private Duration longer(Duration before) {
        Duration next = before.compareTo(poll) >= 0 ? FIRST_PAUSE : before.multipliedBy(2);
        return next.compareTo(poll) > 0 ? poll : next;
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
                    BACKLOG, row -> new State(row.getLong("pending"), since(row.getLong("oldest_age_ms")), failure));
        } catch (DatabaseException unreachable) {
            return new State(before.pending(), before.oldestSince(), unreachable.getMessage());
        }
    }

    private static @Nullable Long since(@Nullable Long ageMillis) {
        return ageMillis == null
                ? null
                : System.nanoTime() - Duration.ofMillis(ageMillis).toNanos();
    }
}
