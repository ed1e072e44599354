package io.viewkeeper.refresher.refresh;

import io.viewkeeper.refresher.schedule.Policies;
import io.viewkeeper.refresher.schedule.ViewRegister;
import io.viewkeeper.refresher.view.ViewCatalog;
import io.viewkeeper.schema.database.Database;
import io.viewkeeper.schema.database.DatabaseException;
import io.viewkeeper.schema.database.Instants;
import io.viewkeeper.schema.event.ViewName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

    /** For how long a view that another replica holds, or that met a broken connection, is left alone. */
    private static final Duration PAUSE = Duration.ofSeconds(2);

    private static final String DUE = """
        /* viewkeeper:refresh-loop */
        select s.view_schema, s.view_name
        from viewkeeper.view_state s
        where s.next_due_at <= $1
          and s.dropped_at is null
          and s.refusal is null
          and (s.view_schema || '.' || s.view_name) <> all ($2::text[])
        order by s.next_due_at, s.view_schema, s.view_name
        limit 100
        """;

    /**
     * How the loop works.
     *
     * @param parallelism refreshes at once, at least 1
     * @param discoveryInterval how often the catalog is searched
     * @param now the time that decides what is due; in production the server's, so that replicas agree
     */
    public record Rhythm(int parallelism, Duration discoveryInterval, Supplier<Instant> now) {
        public Rhythm {
            if (parallelism < 1) {
                throw new IllegalArgumentException("viewkeeper.refresh.parallelism must be at least 1");
            }
        }
    }

    private final Database database;
    private final ViewRegister register;
    private final RefreshRequests requests;
    private final Refresher refresher;
    private final Policies policies;
    private final Rhythm rhythm;
    private final Consumer<RefreshOutcome> listener;

    private final Set<ViewName> running = new HashSet<>();
    private final Map<ViewName, Long> leftAloneSince = new HashMap<>();
    private @Nullable Instant lastDiscovery;
    private boolean stopped;

    /**
     * @param instance name of this replica in logs, history and events
     * @param listener told of every outcome, on the thread of the refresh, after its commit
     */
    public RefreshLoop(
            Database database, Policies policies, Rhythm rhythm, String instance, Consumer<RefreshOutcome> listener) {
        this.database = database;
        this.register = new ViewRegister(database, new ViewCatalog(database), policies);
        this.requests = new RefreshRequests(database);
        this.refresher = new Refresher(database, new RunRecorder(database, instance, RandomGenerator.getDefault()));
        this.policies = policies;
        this.rhythm = rhythm;
        this.listener = listener;
    }

    /** Looks for new and dropped views from time to time, takes requests, starts what is due; waits for no refresh. */
    public void turn() {
        Instant now = rhythm.now().get();
        if (lastDiscovery == null || !now.isBefore(lastDiscovery.plus(rhythm.discoveryInterval()))) {
            register.synchronise(now);
            lastDiscovery = now;
        }
        requests.take(now).forEach(view -> LOG.infof("view=%s state=requested", view));
        claim(now).forEach(this::start);
    }

    /** Starts nothing more; what runs goes on. */
    public synchronized void stop() {
        stopped = true;
    }

    /** Waits until nothing runs, or the time is up; tells which. */
    public synchronized boolean awaitIdle(Duration atMost) {
        long deadline = System.nanoTime() + atMost.toNanos();
        try {
            while (!running.isEmpty()) {
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

    private void start(DueView due) {
        Thread.ofVirtual().name("refresh " + due.view()).start(() -> run(due));
    }

    private synchronized List<DueView> claim(Instant now) {
        int free = rhythm.parallelism() - running.size();
        if (stopped || free <= 0) {
            return List.of();
        }
        leftAloneSince.values().removeIf(since -> System.nanoTime() - since > PAUSE.toNanos());
        var passedOver = new ArrayList<String>();
        running.forEach(view -> passedOver.add(view.toString()));
        leftAloneSince.keySet().forEach(view -> passedOver.add(view.toString()));
        List<DueView> claimed = database
                .query(
                        DUE,
                        row -> new ViewName(row.getString("view_schema"), row.getString("view_name")),
                        Instants.parameter(now),
                        passedOver.toArray(String[]::new))
                .stream()
                .flatMap(view -> policies.of(view).map(policy -> new DueView(view, policy)).stream())
                .limit(free)
                .toList();
        claimed.forEach(due -> running.add(due.view()));
        return claimed;
    }

    /** One refresh and, since a place is free then, the start of the next. */
    private void run(DueView due) {
        List<DueView> next = List.of();
        try {
            RefreshOutcome outcome = refresh(due);
            OutcomeLog.write(due.view(), outcome);
            if (outcome instanceof RefreshOutcome.Skipped || outcome instanceof RefreshOutcome.Unrecorded) {
                leaveAlone(due.view());
            }
            listener.accept(outcome);
        } finally {
            next = endedAndClaim(due.view());
        }
        next.forEach(this::start);
    }

    private RefreshOutcome refresh(DueView due) {
        try {
            return refresher.refresh(due, rhythm.now().get());
        } catch (RuntimeException failure) {
            return new RefreshOutcome.Unrecorded(failure);
        }
    }

    private synchronized void leaveAlone(ViewName view) {
        leftAloneSince.put(view, System.nanoTime());
    }

    /** In one step, so that the loop is idle only when nothing more is due. */
    private synchronized List<DueView> endedAndClaim(ViewName view) {
        running.remove(view);
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
