package io.viewkeeper.optimizer.analysis;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** What the analyses did and took, for Prometheus. Tags are of small sets: no statement, no view. */
@Singleton
class AnalysisMeters {
    private final MeterRegistry registry;
    private final Timer looks;
    private final AtomicReference<Double> spent = new AtomicReference<>(0.0);

    AnalysisMeters(MeterRegistry registry, AnalysisSettings settings) {
        this.registry = registry;
        this.looks = registry.timer("viewkeeper.optimizer.look");
        double budget = settings.budget().toMillis() / 1e3;
        Gauge.builder("viewkeeper.optimizer.budget.seconds", () -> budget).register(registry);
        Gauge.builder("viewkeeper.optimizer.budget.spent.seconds", spent::get).register(registry);
    }

    void analysis(Analysis.Outcome outcome) {
        registry.counter("viewkeeper.optimizer.analyses", "outcome", outcome.wireName())
                .increment();
    }

    void look(Duration took, double databaseMillis) {
        looks.record(took);
        registry.counter("viewkeeper.optimizer.database.seconds").increment(databaseMillis / 1e3);
    }

    void spent(double millisOfTheLastMinute) {
        spent.set(millisOfTheLastMinute / TimeUnit.SECONDS.toMillis(1));
    }
}
