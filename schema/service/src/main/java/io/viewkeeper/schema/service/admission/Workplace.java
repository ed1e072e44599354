// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.service.admission;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Where work is done that anybody may ask for: on platform threads of its own, which share the processor fairly with the loops,
 * so many pieces at once, so many waiting, and nobody waits longer than told. Any number of threads may ask.
 */
public final class Workplace {
    private static final Duration IDLE = Duration.ofMinutes(1);
    private static final Duration SOON = Duration.ofSeconds(1);

    private final String what;
    private final Duration patience;
    private final boolean stopsLateWork;
    private final int most;
    private final ThreadPoolExecutor threads;

    /**
     * Work.
     *
     * @param <X> what it fails with
     */
    @FunctionalInterface
    public interface Work<T, X extends Exception> {
        T done() throws X;
    }

    private Workplace(String what, int places, int waiting, Duration patience, boolean stopsLateWork) {
        this.what = what;
        this.patience = patience;
        this.stopsLateWork = stopsLateWork;
        this.most = places + waiting;
        this.threads = new ThreadPoolExecutor(
                places,
                places,
                IDLE.toSeconds(),
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(waiting),
                Thread.ofPlatform()
                        .name(what.replace(' ', '-') + "-", 0)
                        .daemon()
                        .factory());
        threads.allowCoreThreadTimeOut(true);
    }

    /**
     * For work that asks the database: it ends by the server's limits, for an interrupted session cannot be cleaned.
     *
     * @param what in the plural, for people
     */
    public static Workplace ofQuestions(String what, int places, int waiting, Duration patience) {
        return new Workplace(what, places, waiting, patience, false);
    }

    /** For work that computes, and looks now and then whether it is interrupted. */
    public static Workplace ofComputing(String what, int places, int waiting, Duration patience) {
        return new Workplace(what, places, waiting, patience, true);
    }

    /**
     * Does it, unless too much is under way.
     *
     * @throws BusyException when it was not begun, or not done in time
     */
    public <T, X extends Exception> T ask(Work<T, X> work) throws X {
        var begun = new AtomicBoolean();
        Future<T> asked;
        try {
            asked = threads.submit(() -> {
                begun.set(true);
                return work.done();
            });
        } catch (RejectedExecutionException full) {
            throw BusyException.refused(
                    "There are %d %s under way; try again in a moment.".formatted(most, what), SOON);
        }
        try {
            return asked.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            asked.cancel(stopsLateWork);
            throw BusyException.late(
                    "It was not %s within %d s, beside other %s.%s"
                            .formatted(
                                    begun.get() ? "done" : "begun",
                                    patience.toSeconds(),
                                    what,
                                    begun.get() && !stopsLateWork ? " It goes on." : ""),
                    patience);
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            asked.cancel(stopsLateWork);
            throw BusyException.late("The service stops.", patience);
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof Error broken) {
                throw broken;
            }
            // Work throws nothing else but X and unchecked exceptions.
            @SuppressWarnings("unchecked")
            X expected = (X) Objects.requireNonNull(failure.getCause());
            throw expected;
        }
    }

    /** Nothing more is taken on. */
    public void close() {
        threads.shutdownNow();
    }
}
