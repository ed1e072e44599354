package io.viewkeeper.optimizer.analysis;

import io.quarkus.runtime.ShutdownEvent;
import io.viewkeeper.optimizer.finding.Context;
import io.viewkeeper.optimizer.finding.Finding;
import io.viewkeeper.optimizer.finding.Findings;
import io.viewkeeper.optimizer.plan.MalformedPlanException;
import io.viewkeeper.optimizer.plan.Plan;
import io.viewkeeper.optimizer.plan.PlanReader;
import io.viewkeeper.optimizer.plan.PlanRedaction;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Finds what is wrong with plans, on a few threads of its own: it takes processor time, and must not take the loops'. */
@Singleton
public class PlanReviewer {
    private static final int THREADS = 2;

    private final ExecutorService threads = Executors.newFixedThreadPool(
            THREADS, Thread.ofPlatform().name("plans-", 0).daemon().factory());

    void stop(@Observes ShutdownEvent event) {
        threads.shutdownNow();
    }

    /** A plan without values, and what is wrong with it. */
    public record Review(Plan plan, List<Finding> findings) {}

    /** Every plan of a text that somebody brings, of which nothing else is known. */
    public List<Review> review(String json) throws MalformedPlanException {
        return on(() -> PlanReader.read(PlanRedaction.of(PlanReader.parse(json))).stream()
                .map(plan -> new Review(plan, Findings.of(Context.of(plan))))
                .toList());
    }

    List<Finding> findings(Context context) {
        try {
            return on(() -> Findings.of(context));
        } catch (MalformedPlanException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private <T> T on(Callable<T> work) throws MalformedPlanException {
        try {
            return threads.submit(work).get();
        } catch (ExecutionException failure) {
            switch (failure.getCause()) {
                case MalformedPlanException malformed -> throw malformed;
                case RuntimeException broken -> throw broken;
                case null, default -> throw new IllegalStateException(failure);
            }
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a plan was looked at", interrupt);
        }
    }
}
