package io.viewkeeper.sandbox.launcher.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.viewkeeper.sandbox.claims.Measurement;
import io.viewkeeper.sandbox.claims.ReportBenchmark;
import io.viewkeeper.sandbox.launcher.console.Command;
import io.viewkeeper.sandbox.launcher.console.Screen;
import io.viewkeeper.sandbox.launcher.process.Started;
import io.viewkeeper.sandbox.launcher.workbench.SampleData;
import io.viewkeeper.sandbox.server.MigrationOptions;
import io.viewkeeper.sandbox.server.PostgresOptions;
import io.viewkeeper.sandbox.server.PostgresServer;
import io.viewkeeper.sandbox.server.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** Reports, asked of the base tables and of the views of one database, in one run. */
public final class BenchReports {
    private static final int DONE = 0;
    private static final double GOAL = 1_000;
    private static final String LINE = "%-28s  %14s  %14s  %10s";

    private final Path root;
    private final Command.BenchReports command;
    private final Screen screen;
    private final Started started = new Started();

    public BenchReports(Path root, Command.BenchReports command, Screen screen) {
        this.root = root;
        this.command = command;
        this.screen = screen;
    }

    /** Returns the exit code. Two sides that answer differently are a failure; a report that misses the goal is a result. */
    public int run() throws InterruptedException, IOException, SQLException {
        var hook = new Thread(started::close, "stop");
        Runtime.getRuntime().addShutdownHook(hook);
        try (started) {
            var measurements = measure();
            show(measurements);
            var file = root.resolve("target/bench/reports.json");
            write(file, measurements);
            screen.say("Written to " + file);
            return DONE;
        }
    }

    private List<Measurement> measure() throws InterruptedException, SQLException {
        screen.say("Reports over %,d claims: base tables with every sensible index against views"
                .formatted(command.claims()));
        var postgres = screen.step(
                "Starting PostgreSQL", () -> started.start(() -> PostgresServer.start(PostgresOptions.temporary())));
        var database =
                screen.step("Creating the database", () -> postgres.createDatabase("bench", MigrationOptions.claims()));
        SampleData.generate(database, SampleData.options(command.claims()), screen);
        try (var connection = database.connect(Role.OWNER)) {
            return screen.step(
                    "Asking",
                    () -> ReportBenchmark.run(
                            connection,
                            ZoneOffset.UTC,
                            (step, done, total) ->
                                    screen.progress("Asking: %s, %d of %d".formatted(step, done, total))));
        }
    }

    private void show(List<Measurement> measurements) {
        screen.say("");
        screen.say(LINE.formatted("report (equal answers)", "base tables", "view", "faster"));
        for (var measurement : measurements) {
            screen.say(LINE.formatted(
                    measurement.measure(),
                    "%,.1f %s".formatted(measurement.baseline(), measurement.unit()),
                    "%,.3f %s".formatted(measurement.value(), measurement.unit()),
                    "%,.0f×".formatted(measurement.ratio())));
        }
        var slow = new ArrayList<String>();
        measurements.stream()
                .filter(measurement -> measurement.ratio() < GOAL)
                .forEach(measurement -> slow.add(measurement.measure()));
        screen.say(
                slow.isEmpty()
                        ? "Each is at least %,.0f× faster.".formatted(GOAL)
                        : "Less than %,.0f× faster: %s".formatted(GOAL, String.join(", ", slow)));
    }

    private static void write(Path file, List<Measurement> measurements) throws IOException {
        Files.createDirectories(file.getParent());
        new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(file.toFile(), measurements);
    }
}
