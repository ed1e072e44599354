// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.loop;

import io.viewkeeper.refresher.queue.Batch;
import io.viewkeeper.refresher.queue.Cancellation;
import io.viewkeeper.refresher.queue.Claims;
import io.viewkeeper.refresher.queue.Heartbeat;
import io.viewkeeper.refresher.queue.LoadCeiling;
import io.viewkeeper.refresher.queue.LoadCeiling.Ceiling;
import io.viewkeeper.refresher.queue.RefreshRequests;
import io.viewkeeper.refresher.register.Census;
import io.viewkeeper.refresher.register.ViewRegister;
import io.viewkeeper.refresher.run.Orphans;
import io.viewkeeper.refresher.run.RefreshOutcome;
import io.viewkeeper.refresher.run.Refresher;
import io.viewkeeper.refresher.run.Refusals;
import io.viewkeeper.refresher.run.RunRecorder;
import io.viewkeeper.refresher.run.Vacuum;
import io.viewkeeper.refresher.schedule.Policies;
import io.viewkeeper.refresher.schedule.ScheduleConfig;
import io.viewkeeper.refresher.view.ViewCatalog;
import io.viewkeeper.schema.database.Database;
import io.viewkeeper.schema.loop.Loop;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jboss.logging.Logger;

/**
 * Finds what is due and has it refreshed, a bounded number at a time. Every replica runs the same loop; what is due is
 * in the database, so restarts and replicas share one truth. {@link #turn} is called again and again from outside.
 */
public final class RefreshLoop {
    private static final Logger LOG = Logger.getLogger(RefreshLoop.class);

    /** Whose last success is worth being known. */
    public static final List<String> STEPS = List.of("register", "requests", "orphans", "claim");

    /** How long a cancelled refresh may take to end. */
    private static final Duration CANCEL_PATIENCE = Duration.ofSeconds(5);

    /**
     * How the loop works.
     *
     * @param parallelism refreshes at once, at least 1
     * @param discoveryInterval how often the catalog is searched; zero: at each turn
     * @param load above which views of low priority wait
     * @param now the time that decides what is due; in production the server's, so that replicas agree
     */
    public record Rhythm(int parallelism, Duration discoveryInterval, ScheduleConfig.Load load, Supplier<Instant> now) {
        public Rhythm {
            if (parallelism < 1) {
                throw new IllegalArgumentException("viewkeeper.refresh.parallelism must be at least 1");
            }
        }
    }

    private final Database database;
    private final Loop loop;
    private final Heartbeat heartbeat;
    private final Discovery discovery;
    private final RefreshRequests requests;
    private final Claims claims;
    private final Refresher refresher;
    private final Orphans orphans;
    private final LoadCeiling ceiling;
    private final Rhythm rhythm;
    private final Outcomes outcomes;
    private final Map<UUID, Batch> running = new HashMap<>();
    private int batchesRunning;
    private volatile Ceiling load = Ceiling.NONE;
    private boolean stopped;

    /** @param listener told of every outcome, on the thread of the refresh, after its commit */
    public RefreshLoop(
            Database database,
            Policies policies,
            Rhythm rhythm,
            Heartbeat heartbeat,
            Loop loop,
            Consumer<RefreshOutcome> listener) {
        var recorder = new RunRecorder(database, heartbeat.instance(), RandomGenerator.getDefault());
        var refusals = new Refusals(heartbeat.instance());
        var register = new ViewRegister(database, new ViewCatalog(database), policies, refusals::announce);
        this.database = database;
        this.loop = loop;
        this.heartbeat = heartbeat;
        this.discovery = new Discovery(database, register, rhythm.discoveryInterval());
        this.requests = new RefreshRequests(database);
        this.claims = new Claims(database, policies, heartbeat);
        this.refresher = new Refresher(database, recorder);
        this.orphans = new Orphans(database, policies, recorder, heartbeat);
        this.ceiling = new LoadCeiling(database, rhythm.load());
        this.rhythm = rhythm;
        this.outcomes = new Outcomes(new Vacuum(database), listener);
    }

    /**
     * Looks for new and dropped views from time to time, settles what the dead have left, takes requests, starts what is
     * due; waits for no refresh. A step that fails keeps no other from its turn.
     */
    public void turn() {
        loop.turn(this::turn);
    }

    /** Instead of a turn, while nothing may be done. */
    public void rest() {
        heartbeat.rest();
        loop.rest();
    }

    private void turn(Loop.Turn turn) {
        heartbeat.begin();
        Instant now = rhythm.now().get();
        discovery.search(turn, now);
        turn.step("requests", () -> requests.take(now).forEach(view -> LOG.infof("view=%s state=requested", view)));
        turn.step("orphans", () -> settleOrphans(now));
        turn.step("cancellations", () -> Cancellation.endMarked(database));
        turn.step("load", () -> load = ceiling.look());
        turn.step("claim", () -> claim(now).forEach(this::start));
    }

    /** How many views are in which state, as of the last search of the catalog. */
    public Census census() {
        return discovery.census();
    }

    private void settleOrphans(Instant now) {
        List<RefreshOutcome> settled;
        synchronized (this) {
            settled = orphans.settle(running.keySet(), now);
        }
        settled.forEach(outcomes::settled);
    }

    /** Starts nothing more; what runs goes on. */
    public synchronized void stop() {
        stopped = true;
        loop.end();
    }

    /**
     * After {@link #stop}: waits until nothing runs or the time is up, and then cancels what is left, which is recorded and
     * due again at once. Tells how many were cancelled.
     */
    public int finish(Duration grace) {
        if (awaitIdle(grace)) {
            heartbeat.leave();
            return 0;
        }
        List<UUID> left;
        synchronized (this) {
            left = List.copyOf(running.keySet());
        }
        Cancellation.cancel(database, left, Cancellation.SHUTDOWN);
        if (awaitIdle(CANCEL_PATIENCE)) {
            heartbeat.leave();
        }
        return left.size();
    }

    /** Waits until nothing runs, or the time is up; tells which. */
    public synchronized boolean awaitIdle(Duration atMost) {
        long deadline = System.nanoTime() + atMost.toNanos();
        try {
            while (batchesRunning > 0) {
                long leftMillis = (deadline - System.nanoTime()) / 1_000_000;
                if (leftMillis <= 0) {
                    return false;
                }
                wait(leftMillis);
            }
            return true;
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void start(Batch batch) {
        Thread.ofVirtual().name("refresh " + batch).start(() -> run(batch));
    }

    private synchronized List<Batch> claim(Instant now) {
        int free = rhythm.parallelism() - batchesRunning;
        if (stopped || free <= 0) {
            return List.of();
        }
        List<Batch> claimed = claims.claim(now, free, discovery.circles(), load);
        for (Batch batch : claimed) {
            batchesRunning++;
            batch.attempts().forEach(attempt -> running.put(attempt.runId(), batch));
        }
        return claimed;
    }

    /** One batch and, since a place is free then, the start of the next, whatever has become of this one. */
    private void run(Batch batch) {
        try {
            refresh(batch).forEach(outcome -> followUp(outcome, batch));
        } finally {
            endedAndClaim(batch).forEach(this::start);
        }
    }

    private List<RefreshOutcome> refresh(Batch batch) {
        try {
            return refresher.refresh(batch);
        } catch (RuntimeException failure) {
            // Nothing is lost: the batch's rows in refresh_run are settled by a later turn.
            return List.of(new RefreshOutcome.Unrecorded(failure));
        }
    }

    private void followUp(RefreshOutcome outcome, Batch batch) {
        if (outcomes.ended(outcome, batch)) {
            discovery.isDue();
        }
    }

    /** In one step, so that the loop is idle only when nothing more is due. */
    private synchronized List<Batch> endedAndClaim(Batch batch) {
        batchesRunning--;
        batch.attempts().forEach(attempt -> running.remove(attempt.runId()));
        try {
            return claim(rhythm.now().get());
        } catch (RuntimeException unclaimed) {
            LOG.debugf("the next turn goes on, reason=%s", unclaimed.getMessage());
            return List.of();
        } finally {
            notifyAll();
        }
    }
}
