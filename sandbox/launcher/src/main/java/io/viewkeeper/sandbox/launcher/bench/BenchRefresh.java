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

/**
 * What the refresher adds to a refresh, how soon its event arrives, and what it costs when nothing is due.
 *
 * @param quick a small run that shows that it works; its numbers say little
 */
public record BenchRefresh(boolean quick) implements Experiment {
    @Override
    public String name() {
        return "refresh";
    }

    @Override
    public String goal() {
        return "a ratio of at least 0.95 for the refresh, less than 100 ms from commit to consumer (p99),"
                + " less than 5 % of a core for views that are not due.";
    }

    /**
     * How much is measured.
     *
     * @param rows of the large view; 0: as many as make its refresh take more than a second
     */
    private record Scale(int rows, int pairs, int events, List<Integer> views, Duration window, int drained) {
        static final Scale FULL = new Scale(0, 21, 1_000, List.of(1_000, 10_000), Duration.ofMinutes(1), 20_000);
        static final Scale QUICK = new Scale(20_000, 3, 50, List.of(50, 200), Duration.ofSeconds(5), 1_000);
    }

    @Override
    public List<Measurement> measure(Path root, Started started, Screen screen) throws InterruptedException {
        var scale = quick ? Scale.QUICK : Scale.FULL;
        var workbench = screen.step("Starting PostgreSQL and Kafka", () -> Workbench.start(root, started));
        var all = new ArrayList<Measurement>();
        all.addAll(screen.step(
                "A refresh by the service and a bare one, %d pairs".formatted(scale.pairs()),
                () -> RefreshOverhead.measure(workbench.site("bench_overhead"), scale.rows(), scale.pairs())));
        all.addAll(screen.step(
                "From commit to consumer, %,d events".formatted(scale.events()),
                () -> EventLatency.measure(workbench.site("bench_latency"), scale.events())));
        all.addAll(screen.step(
                "Views that are not due, %s of them".formatted(scale.views()),
                () -> IdleCost.measure(workbench.site("bench_idle"), scale.views(), scale.window())));
        all.add(screen.step(
                "%,d events that have piled up".formatted(scale.drained()),
                () -> OutboxDrain.measure(workbench.site("bench_drain"), scale.drained())));
        return all;
    }
}
