// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.analysis;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.viewkeeper.optimizer.explain.Repair;
import io.viewkeeper.optimizer.plan.PlanRepair;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/** What the analyses did and took, for Prometheus. Tags are of small sets: no statement, no view. */
@Singleton
class AnalysisMeters {
    private final Timer looks;
    private final Counter database;
    private final Map<Analysis.Outcome, Counter> analyses = new EnumMap<>(Analysis.Outcome.class);
    private final Map<String, Counter> repairs = new HashMap<>();
    private final AtomicReference<Double> spent = new AtomicReference<>(0.0);

    AnalysisMeters(MeterRegistry registry, AnalysisSettings settings) {
        this.looks = Timer.builder("viewkeeper.optimizer.look")
                .description("Looks for slow statements, and how long they took")
                .register(registry);
        this.database = Counter.builder("viewkeeper.optimizer.database.seconds")
                .description("Seconds that looks took of the database")
                .register(registry);
        for (var outcome : Analysis.Outcome.values()) {
            analyses.put(
                    outcome,
                    Counter.builder("viewkeeper.optimizer.analyses")
                            .description("Analyses of statements, by what became of them")
                            .tag("outcome", outcome.wireName())
                            .register(registry));
        }
        Stream.concat(
                        Stream.of(Repair.values()).map(Repair::wireName),
                        Stream.of(PlanRepair.values()).map(PlanRepair::wireName))
                .forEach(repair -> repairs.put(
                        repair,
                        Counter.builder("viewkeeper.optimizer.repairs")
                                .description(
                                        "Repairs without which a statement would have had no plan, or a text been none")
                                .tag("repair", repair)
                                .register(registry)));
        double budget = settings.budget().toMillis() / 1e3;
        Gauge.builder("viewkeeper.optimizer.budget.seconds", () -> budget)
                .description("Seconds that analyses may take of the database in a minute")
                .register(registry);
        Gauge.builder("viewkeeper.optimizer.budget.spent.seconds", spent::get)
                .description("Seconds that analyses took of the database in the minute before the last look")
                .register(registry);
    }

    void analysis(Analysis.Outcome outcome) {
        Objects.requireNonNull(analyses.get(outcome)).increment();
    }

    /** @param wireName of a {@link Repair} or a {@link PlanRepair} */
    void repair(String wireName) {
        Objects.requireNonNull(repairs.get(wireName)).increment();
    }

    void look(Duration took, double databaseMillis) {
        looks.record(took);
        database.increment(databaseMillis / 1e3);
    }

    void spent(double millisOfTheLastMinute) {
        spent.set(millisOfTheLastMinute / TimeUnit.SECONDS.toMillis(1));
    }
}
