// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.analysis;

import io.quarkus.runtime.ShutdownEvent;
import io.viewkeeper.optimizer.finding.Context;
import io.viewkeeper.optimizer.finding.Finding;
import io.viewkeeper.optimizer.finding.Findings;
import io.viewkeeper.optimizer.plan.MalformedPlanException;
import io.viewkeeper.optimizer.plan.Plan;
import io.viewkeeper.optimizer.plan.PlanReader;
import io.viewkeeper.optimizer.plan.PlanRedaction;
import io.viewkeeper.schema.service.admission.BusyException;
import io.viewkeeper.schema.service.admission.Workplace;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;

/**
 * Finds what is wrong with plans, on threads of its own: it takes processor time, and must not take the loops'. Plans that
 * somebody brings wait for one another, and never those of the looks for them.
 */
@Singleton
public class PlanReviewer {
    /** For a plan of eight megabytes, on a machine that has other things to do. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Workplace brought = Workplace.ofComputing("plans", 2, 6, PATIENCE);
    private final Workplace own = Workplace.ofComputing("plans of looks", 2, 8, PATIENCE);

    private final AnalysisMeters meters;

    PlanReviewer(AnalysisMeters meters) {
        this.meters = meters;
    }

    void stop(@Observes ShutdownEvent event) {
        brought.close();
        own.close();
    }

    /** A plan without values, and what is wrong with it. */
    public record Review(Plan plan, List<Finding> findings) {}

    /** What is made of a review, in the same place. */
    @FunctionalInterface
    public interface Rendering<T> {
        T of(List<Review> reviews);
    }

    /**
     * Every plan of a text that somebody brings, of which nothing else is known.
     *
     * @throws BusyException when too many are under way, or these took too long
     */
    public <T> T review(String json, Rendering<T> rendering) throws MalformedPlanException {
        return brought.ask(() -> rendering.of(
                PlanReader.read(PlanRedaction.of(PlanReader.parse(json, repair -> meters.repair(repair.wireName()))))
                        .stream()
                        .map(plan -> new Review(plan, Findings.of(Context.of(plan))))
                        .toList()));
    }

    /** @param callsPerDay of the statement; 0 where nothing is known of it */
    public List<Finding> findings(Context context, double callsPerDay) {
        return own.ask(() -> Findings.of(context, callsPerDay));
    }
}
