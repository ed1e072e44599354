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
import java.util.Map;

/** How fast plans are analysed, what a look takes of the database, and how soon after a refresh it comes; in one run. */
public final class BenchOptimizer {
    /** More than there are statements: none is thrown out. */
    static final Map<String, String> SERVER = Map.of("pg_stat_statements.max", "100000");

    private static final int DONE = 0;
    private static final double MOST_LATENCY_MILLIS = 10_000;
    private static final String LINE = "%-52s  %28s  %14s";

    private final Path root;
    private final Command.BenchOptimizer command;
    private final Screen screen;
    private final Started started = new Started();

    public BenchOptimizer(Path root, Command.BenchOptimizer command, Screen screen) {
        this.root = root;
        this.command = command;
        this.screen = screen;
    }

    /**
     * How much is measured.
     *
     * @param planFacts rows of the table that the explained statements read
     * @param window of the plans, as long again before it to warm up
     */
    record Scale(int planFacts, Duration window, LookCost.Scale look) {
        static final Scale FULL = new Scale(50_000, Duration.ofSeconds(20), new LookCost.Scale(50_000, 300_000, 15));
        static final Scale QUICK = new Scale(5_000, Duration.ofSeconds(1), new LookCost.Scale(2_000, 150_000, 2));
    }

    /** Everything that was measured. */
    record Result(PlanRate.Result plans, LookCost.Result look) {}

    /** Returns the exit code. A goal that is missed is a result, not a failure. */
    public int run() throws InterruptedException, IOException {
        var hook = new Thread(started::close, "stop");
        Runtime.getRuntime().addShutdownHook(hook);
        try (started) {
            var workbench = screen.step("Starting PostgreSQL and Kafka", () -> Workbench.start(root, started, SERVER));
            var result = measure(workbench, command.quick() ? Scale.QUICK : Scale.FULL);
            show(result);
            var file = root.resolve("target/bench/optimizer.json");
            Files.createDirectories(file.getParent());
            new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(file.toFile(), result);
            screen.say("Written to " + file);
            return DONE;
        }
    }

    private Result measure(Workbench workbench, Scale scale) throws InterruptedException {
        return new Result(
                screen.step(
                        "Plans that somebody brings, %d s"
                                .formatted(scale.window().toSeconds()),
                        () -> PlanRate.measure(workbench.site("bench_plans"), scale.planFacts(), scale.window())),
                screen.step(
                        "Looks at %,d statements, %d events"
                                .formatted(
                                        scale.look().statements(), scale.look().events()),
                        () -> LookCost.measure(workbench.site("bench_looks"), scale.look())));
    }

    private void show(Result result) {
        var plans = result.plans();
        var look = result.look();
        screen.say("");
        screen.say(LINE.formatted("", "measured", "goal"));
        row(
                "plans analysed, of %.0f nodes on average".formatted(plans.nodesPerPlan()),
                "%,.0f plans/s, %,.0f nodes/s".formatted(plans.plansPerSecond(), plans.nodesPerSecond()),
                "");
        row("  p50, p99", "%,.1f ms, %,.1f ms".formatted(plans.p50Millis(), plans.p99Millis()), "");
        row(
                "  merely parsed, ratio to that",
                "%,.0f plans/s, %.2f".formatted(plans.merelyParsedPerSecond(), plans.ratioToParsing()),
                "");
        row(
                "a look at %,d statements, of the database".formatted(look.statements()),
                "%,.0f ms, %.0f statements".formatted(look.databaseMillis(), look.statementsIssued()),
                "");
        row(
                "  without the statement that it executes",
                "%,.0f ms".formatted(look.databaseMillis() - look.analysisMillis()),
                "");
        row("  from its begin to its end", "%,.0f ms".formatted(look.wallMillis()), "");
        row("  the first look, of the database", "%,.0f ms".formatted(look.firstLookMillis()), "");
        row(
                "  reading all texts once, ratio to that",
                "%,.0f ms, %.2f".formatted(look.readAllMillis(), look.ratio()),
                "");
        row(
                "event to its analysis, p50, max",
                "%,.1f s, %,.1f s"
                        .formatted(
                                look.latency().p50Millis() / 1e3, look.latency().maxMillis() / 1e3),
                "max < %.0f s".formatted(MOST_LATENCY_MILLIS / 1e3));
    }

    private void row(String what, String measured, String goal) {
        screen.say(LINE.formatted(what, measured, goal));
    }
}
