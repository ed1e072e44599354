package io.viewkeeper.sandbox.launcher.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.viewkeeper.sandbox.launcher.console.Command;
import io.viewkeeper.sandbox.launcher.console.Screen;
import io.viewkeeper.sandbox.launcher.process.Started;
import io.viewkeeper.sandbox.launcher.workbench.Workbench;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** What the refresher adds to a refresh, how soon its event arrives, and what it costs when nothing is due; in one run. */
public final class BenchRefresh {
    private static final int DONE = 0;
    private static final double MOST_OVERHEAD = 1.05;
    private static final double MOST_LATENCY_MILLIS = 100;
    private static final double MOST_IDLE_PERCENT = 5;
    private static final String LINE = "%-52s  %28s  %14s";

    private final Path root;
    private final Command.BenchRefresh command;
    private final Screen screen;
    private final Started started = new Started();

    public BenchRefresh(Path root, Command.BenchRefresh command, Screen screen) {
        this.root = root;
        this.command = command;
        this.screen = screen;
    }

    /**
     * How much is measured.
     *
     * @param rows of the large view; 0: as many as make its refresh take more than a second
     */
    record Scale(int rows, int pairs, int events, List<Integer> views, Duration window, int drained) {
        static final Scale FULL = new Scale(0, 21, 1_000, List.of(1_000, 10_000), Duration.ofMinutes(1), 20_000);
        static final Scale QUICK = new Scale(20_000, 3, 50, List.of(50, 200), Duration.ofSeconds(5), 1_000);
    }

    /** Everything that was measured. */
    record Result(
            RefreshOverhead.Result overhead,
            EventLatency.Result latency,
            List<IdleCost.Result> idle,
            OutboxDrain.Result drain) {}

    /** Returns the exit code. A goal that is missed is a result, not a failure. */
    public int run() throws InterruptedException, IOException {
        var hook = new Thread(started::close, "stop");
        Runtime.getRuntime().addShutdownHook(hook);
        try (started) {
            var workbench = screen.step("Starting PostgreSQL and Kafka", () -> Workbench.start(root, started));
            var result = measure(workbench, command.quick() ? Scale.QUICK : Scale.FULL);
            show(result);
            var file = root.resolve("target/bench/refresh.json");
            Files.createDirectories(file.getParent());
            new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(file.toFile(), result);
            screen.say("Written to " + file);
            return DONE;
        }
    }

    private Result measure(Workbench workbench, Scale scale) throws InterruptedException {
        return new Result(
                screen.step(
                        "A refresh by the service and a bare one, %d pairs".formatted(scale.pairs()),
                        () -> RefreshOverhead.measure(workbench.site("bench_overhead"), scale.rows(), scale.pairs())),
                screen.step(
                        "From commit to consumer, %,d events".formatted(scale.events()),
                        () -> EventLatency.measure(workbench.site("bench_latency"), scale.events())),
                screen.step(
                        "Views that are not due, %s of them".formatted(scale.views()),
                        () -> IdleCost.measure(workbench.site("bench_idle"), scale.views(), scale.window())),
                screen.step(
                        "%,d events that have piled up".formatted(scale.drained()),
                        () -> OutboxDrain.measure(workbench.site("bench_drain"), scale.drained())));
    }

    private void show(Result result) {
        var overhead = result.overhead();
        var latency = result.latency();
        screen.say("");
        screen.say(LINE.formatted("", "measured", "goal"));
        row(
                "bare refresh, service's refresh to its commit",
                "%,.0f ms, %,.0f ms".formatted(overhead.bareMedianMillis(), overhead.serviceMedianMillis()),
                "");
        row("  ratio of medians", "%.3f".formatted(overhead.ratioOfMedians()), "≤ " + MOST_OVERHEAD);
        row("  median of ratios", "%.3f".formatted(overhead.medianOfRatios()), "");
        row("  ratio by the duration in the event", "%.3f".formatted(overhead.reportedRatioOfMedians()), "");
        row(
                "commit to consumer, p50, p99",
                "%,.1f ms, %,.1f ms".formatted(latency.p50Millis(), latency.p99Millis()),
                "p99 < %.0f ms".formatted(MOST_LATENCY_MILLIS));
        for (var idle : result.idle()) {
            row(
                    "%,d views not due: service, its backends".formatted(idle.views()),
                    "%.2f %%, %.2f %% of a core".formatted(idle.servicePercent(), idle.databasePercent()),
                    "sum < %.0f %%".formatted(MOST_IDLE_PERCENT));
        }
        row("outbox drained at", "%,.0f events/s".formatted(result.drain().eventsPerSecond()), "");
    }

    private void row(String what, String measured, String goal) {
        screen.say(LINE.formatted(what, measured, goal));
    }
}
