// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.outbox;

import io.viewkeeper.schema.database.Database;
import io.viewkeeper.schema.database.DatabaseException;
import io.viewkeeper.schema.log.Trouble;
import io.viewkeeper.schema.loop.Loop;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
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

    /** How often to look at the topics while something fails or one is not there, but others are. */
    private static final Duration TOPIC_INTERVAL = Duration.ofSeconds(5);

    /** How often otherwise: a broker that creates topics by itself would not tell that one was lost. */
    private static final Duration CALM_TOPIC_INTERVAL = Duration.ofMinutes(1);

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

    private final OutboxBacklog backlog;
    private final Loop loop;
    private final OutboxPublisher publisher;
    private final Supplier<OpenTopics> opening;
    private final Runnable tellStates;
    private final Duration poll;
    private final Semaphore wakeUps = new Semaphore(0);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Trouble trouble = new Trouble();
    private volatile @Nullable String failure;
    private volatile boolean stopped;
    private OpenTopics open = OpenTopics.none("not looked yet");
    private boolean statesLost;
    private long openedAt;
    private long failedAt;
    private Duration pause;

    /**
     * @param opening where events may be sent, asked until nothing is in the way, when sending fails, and now and then
     * @param tellStates writes the state of each view into the outbox again, after the topic of the states was lost
     * @param poll when to look without having been woken
     */
    public OutboxLoop(
            Database database,
            Loop loop,
            OutboxPublisher publisher,
            Supplier<OpenTopics> opening,
            Runnable tellStates,
            Duration poll) {
        this.backlog = new OutboxBacklog(database, poll);
        this.loop = loop;
        this.publisher = publisher;
        this.opening = opening;
        this.tellStates = tellStates;
        this.poll = poll;
        this.pause = poll;
    }

    /** Begins. */
    public void start() {
        backlog.start();
        Thread.ofVirtual().name("outbox").start(this::loop);
    }

    /** There is something to publish. Never blocks. */
    public void wake() {
        wakeUps.release();
    }

    /** Ends after the round under way; waits for that no longer than this. Tells whether it has ended. */
    public boolean stop(Duration atMost) {
        stopped = true;
        loop.end();
        backlog.stop();
        wake();
        try {
            return ended.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** What is pending as of a moment ago, however long a round takes; the failure as of the last round. */
    public State state() {
        OutboxBacklog.Size size = backlog.size();
        String unread = size.failure();
        return new State(size.pending(), size.oldestSince(), unread == null ? failure : unread);
    }

    private void loop() {
        try {
            rounds();
        } finally {
            ended.countDown();
        }
    }

    private void rounds() {
        while (!stopped) {
            try {
                if (wakeUps.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                    wakeUps.drainPermits();
                }
            } catch (InterruptedException interrupt) {
                Thread.currentThread().interrupt();
                return;
            }
            loop.turn(this::round);
            if (!loop.failures().isEmpty()) {
                pause = poll;
            }
        }
    }

    private void round(Loop.Turn turn) {
        turn.step("topics", this::open);
        turn.step("publish", () -> {
            String problem = publishAll(turn);
            if (problem != null) {
                failure = problem;
                if (open()) {
                    failedAt = System.nanoTime() - 2 * RETRY_INTERVAL.toNanos();
                    wake();
                    return;
                }
            }
            // First: of a topic that is missing the sender says only that it took too long.
            observe(open.obstacle() == null ? problem : open.obstacle());
        });
    }

    /** Tells whether a topic that had been lost is there again. */
    private boolean open() {
        boolean inDoubt = open.obstacle() != null || publisher.failing();
        Duration interval = inDoubt ? TOPIC_INTERVAL : CALM_TOPIC_INTERVAL;
        if (!open.topics().isEmpty() && System.nanoTime() - openedAt <= interval.toNanos()) {
            return false;
        }
        open = opening.get();
        openedAt = System.nanoTime();
        statesLost |= open.renewed().contains(EventTopic.VIEW_STATE);
        return !open.renewed().isEmpty();
    }

    private @Nullable String publishAll(Loop.Turn turn) {
        if (open.topics().isEmpty()) {
            pause = poll;
            return null;
        }
        try {
            if (statesLost) {
                tellStates.run();
                statesLost = false;
            }
            var round = publisher.publish(open.topics());
            String problem = noted(round, null);
            while (!stopped && !round.elsewhere() && (round.more() || retryDue())) {
                turn.goesOn();
                round = round.more() ? publisher.publish(open.topics()) : publisher.retry(open.topics());
                problem = noted(round, problem);
            }
            pause = round.elsewhere() ? longer(pause) : poll;
            return problem == null && publisher.failing() ? failure : problem;
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

    private void observe(@Nullable String problem) {
        backlog.look();
        failure = problem;
        if (problem == null) {
            if (trouble.endIsWorthALine()) {
                LOG.infof("outbox=recovered pending=%d", backlog.size().pending());
            }
        } else if (trouble.isWorthALine()) {
            LOG.warnf(
                    "outbox=degraded pending=%d sinceSeconds=%d events are kept and sent later, reason=%s",
                    backlog.size().pending(), trouble.seconds(), problem);
        }
    }
}
