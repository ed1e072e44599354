// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher.bench;

import io.viewkeeper.sandbox.claims.Measurement;
import io.viewkeeper.sandbox.launcher.console.Screen;
import io.viewkeeper.sandbox.launcher.process.Started;
import io.viewkeeper.sandbox.launcher.workbench.Workbench;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How fast plans are analysed, what a look takes of the database, and how soon after a refresh it comes.
 *
 * @param quick a small run that shows that it works; its numbers say little
 */
public record BenchOptimizer(boolean quick) implements Experiment {
    /** More than there are statements: none is thrown out. */
    static final Map<String, String> SERVER = Map.of("pg_stat_statements.max", "100000");

    @Override
    public String name() {
        return "optimizer";
    }

    @Override
    public String goal() {
        return "less than 10 s from a refresh's event to the new analysis (max).";
    }

    /**
     * How much is measured.
     *
     * @param planFacts rows of the table that the explained statements read
     * @param window of the plans, as long again before it to warm up
     */
    private record Scale(int planFacts, Duration window, LookCost.Scale look) {
        static final Scale FULL = new Scale(50_000, Duration.ofSeconds(20), new LookCost.Scale(50_000, 300_000, 15));
        static final Scale QUICK = new Scale(5_000, Duration.ofSeconds(1), new LookCost.Scale(2_000, 150_000, 2));
    }

    @Override
    public List<Measurement> measure(Path root, Started started, Screen screen) throws InterruptedException {
        var scale = quick ? Scale.QUICK : Scale.FULL;
        var workbench = screen.step("Starting PostgreSQL and Kafka", () -> Workbench.start(root, started, SERVER));
        var all = new ArrayList<Measurement>();
        all.addAll(screen.step(
                "Plans that somebody brings, %d s".formatted(scale.window().toSeconds()),
                () -> PlanRate.measure(workbench.site("bench_plans"), scale.planFacts(), scale.window())));
        all.addAll(screen.step(
                "Looks at %,d statements, %d events"
                        .formatted(scale.look().statements(), scale.look().events()),
                () -> LookCost.measure(workbench.site("bench_looks"), scale.look())));
        return all;
    }
}
