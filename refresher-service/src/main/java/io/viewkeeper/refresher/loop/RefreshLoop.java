package io.viewkeeper.refresher.loop;

import io.viewkeeper.refresher.change.Causes;
import io.viewkeeper.refresher.change.Changes;
import io.viewkeeper.refresher.queue.Batch;
import io.viewkeeper.refresher.queue.Cancellation;
import io.viewkeeper.refresher.queue.Claims;
import io.viewkeeper.refresher.queue.Heartbeat;
import io.viewkeeper.refresher.queue.LoadCeiling;
import io.viewkeeper.refresher.queue.RefreshRequests;
import io.viewkeeper.refresher.register.Census;
import io.viewkeeper.refresher.register.ViewRegister;
import io.viewkeeper.refresher.run.Orphans;
import io.viewkeeper.refresher.run.OutcomeLog;
import io.viewkeeper.refresher.run.RefreshOutcome;
import io.viewkeeper.refresher.run.Refresher;
import io.viewkeeper.refresher.run.Refusals;
import io.viewkeeper.refresher.run.RunRecorder;
import io.viewkeeper.refresher.run.Vacuum;
import io.viewkeeper.refresher.schedule.Policies;
import io.viewkeeper.refresher.schedule.ScheduleConfig;
import io.viewkeeper.refresher.view.ViewCatalog;
import io.viewkeeper.schema.database.Database;
import io.viewkeeper.schema.database.DatabaseException;
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
import org.jspecify.annotations.Nullable;

/**
 * Finds what is due and has it refreshed, a bounded number at a time. Every replica runs the same loop; what is due is
 * in the database, so restarts and replicas share one truth. {@link #turn} is called again and again from outside.
 */
public final class RefreshLoop {
    private static final Logger LOG = Logger.getLogger(RefreshLoop.class);

    /** How long a cancelled refresh may take to end. */
    private static final Duration CANCEL_PATIENCE = Duration.ofSeconds(5);

    /** A search of the catalog is followed by a rest of this many times its duration: it takes a fiftieth at most. */
    private static final int REST = 49;

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
    private final ViewRegister register;
    private final RefreshRequests requests;
    private final Claims claims;
    private final Refresher refresher;
    private final Heartbeat heartbeat;
    private final Orphans orphans;
    private final LoadCeiling ceiling;
    private final Vacuum vacuum;
    private final Changes changes;
    private final Rhythm rhythm;
    private final Consumer<RefreshOutcome> listener;
    private final OutcomeLog log = new OutcomeLog();
    private final Map<UUID, Batch> running = new HashMap<>();
    private int batchesRunning;
    private int lowestPriority = Integer.MIN_VALUE;
    private volatile @Nullable Instant nextDiscovery;
    private boolean stopped;

    /**
     * @param instance name of this replica in logs, history and events
     * @param listener told of every outcome, on the thread of the refresh, after its commit
     */
    public RefreshLoop(
            Database database, Policies policies, Rhythm rhythm, String instance, Consumer<RefreshOutcome> listener) {
        var processId = UUID.randomUUID();
        var recorder = new RunRecorder(database, instance, RandomGenerator.getDefault());
        this.database = database;
        this.register =
                new ViewRegister(database, new ViewCatalog(database), policies, new Refusals(instance)::announce);
        this.requests = new RefreshRequests(database);
        this.claims = new Claims(database, policies, instance, processId);
        this.refresher = new Refresher(database, recorder);
        this.heartbeat = new Heartbeat(database, instance, processId);
        this.orphans = new Orphans(database, policies, recorder, processId);
        this.ceiling = new LoadCeiling(database, rhythm.load());
        this.vacuum = new Vacuum(database);
        this.changes = new Changes(database);
        this.rhythm = rhythm;
        this.listener = listener;
    }

    /**
     * Looks for new and dropped views from time to time, settles what the dead have left, takes requests, starts what is
     * due; waits for no refresh.
     */
    public void turn() {
        Instant now = rhythm.now().get();
        heartbeat.beat();
        discover(now);
        requests.take(now).forEach(view -> LOG.infof("view=%s state=requested", view));
        settleOrphans(now);
        Cancellation.endMarked(database);
        lowestPriority = ceiling.lowestPriority();
        claim(now).forEach(this::start);
    }

    /** How many views are in which state, as of the last search of the catalog. */
    public Census census() {
        return register.census();
    }

    private void discover(Instant now) {
        if (nextDiscovery != null && now.isBefore(nextDiscovery)) {
            return;
        }
        long began = System.nanoTime();
        register.synchronise(now);
        changes.look(now);
        Causes.look(database, now);
        var rest = Duration.ofNanos(REST * (System.nanoTime() - began));
        nextDiscovery = rhythm.discoveryInterval().isZero()
                ? now
                : now.plus(rest.compareTo(rhythm.discoveryInterval()) > 0 ? rest : rhythm.discoveryInterval());
    }

    private void settleOrphans(Instant now) {
        List<RefreshOutcome> outcomes;
        synchronized (this) {
            outcomes = orphans.settle(running.keySet(), now);
        }
        outcomes.forEach(outcome -> {
            log.write(outcome);
            listener.accept(outcome);
        });
    }

    /** Starts nothing more; what runs goes on. */
    public synchronized void stop() {
        stopped = true;
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
        List<Batch> claimed = claims.claim(now, free, register.circles(), lowestPriority);
        for (Batch batch : claimed) {
            batchesRunning++;
            batch.attempts().forEach(attempt -> running.put(attempt.runId(), batch));
        }
        return claimed;
    }

    /** One batch and, since a place is free then, the start of the next. */
    private void run(Batch batch) {
        List<Batch> next = List.of();
        try {
            for (RefreshOutcome outcome : refresh(batch)) {
                log.write(outcome);
                listener.accept(outcome);
                followUp(outcome, batch);
            }
        } finally {
            next = endedAndClaim(batch);
        }
        next.forEach(this::start);
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
        if (outcome instanceof RefreshOutcome.Completed(var event)) {
            batch.attempts().stream()
                    .filter(attempt -> attempt.runId().equals(event.run().runId()))
                    .forEach(attempt -> {
                        if (attempt.last().readAt() == null) {
                            // Views that it was too empty for may be refreshed now.
                            nextDiscovery = null;
                        }
                        vacuum.after(event, attempt.policy());
                    });
        }
    }

    /** In one step, so that the loop is idle only when nothing more is due. */
    private synchronized List<Batch> endedAndClaim(Batch batch) {
        batchesRunning--;
        batch.attempts().forEach(attempt -> running.remove(attempt.runId()));
        try {
            return claim(rhythm.now().get());
        } catch (DatabaseException unreachable) {
            LOG.debugf("the next turn goes on, reason=%s", unreachable.getMessage());
            return List.of();
        } finally {
            notifyAll();
        }
    }
}
