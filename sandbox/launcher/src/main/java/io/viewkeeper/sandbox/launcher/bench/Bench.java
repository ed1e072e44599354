// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.viewkeeper.sandbox.claims.Measurement;
import io.viewkeeper.sandbox.launcher.console.Screen;
import io.viewkeeper.sandbox.launcher.process.Started;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs an experiment and shows its measurements, as a table and as {@code target/bench/<name>.json}. */
public final class Bench {
    private static final int DONE = 0;
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private Bench() {}

    /** Returns the exit code. A goal that is missed is a result, not a failure. */
    public static int run(Path root, Experiment experiment, Screen screen)
            throws InterruptedException, IOException, SQLException {
        var started = new Started();
        Runtime.getRuntime().addShutdownHook(new Thread(started::close, "stop"));
        try (started) {
            var measurements = experiment.measure(root, started, screen);
            screen.say("");
            table(measurements).forEach(screen::say);
            screen.say("Goal: " + experiment.goal());
            screen.say("Written to " + write(measurements, root.resolve("target/bench"), experiment.name()));
            return DONE;
        }
    }

    /** One line for each measurement below a heading. */
    static List<String> table(List<Measurement> measurements) {
        int width = measurements.stream()
                .mapToInt(measurement -> measurement.measure().length())
                .max()
                .orElse(0);
        var line = "%-" + width + "s  %12s  %-13s  %12s  %10s";
        var lines = new ArrayList<String>();
        lines.add(line.formatted("measure", "value", "unit", "baseline", "ratio"));
        measurements.forEach(measurement -> lines.add(line.formatted(
                        measurement.measure(),
                        number(measurement.value()),
                        measurement.unit(),
                        number(measurement.baseline()),
                        number(measurement.ratio()))
                .stripTrailing()));
        return lines;
    }

    /** Three digits, or as many as are before the point. */
    private static String number(@Nullable Double value) {
        if (value == null) {
            return "";
        }
        double size = Math.abs(value);
        return (size >= 99.95 ? "%,.0f" : size >= 9.995 ? "%.1f" : "%.2f").formatted(value);
    }

    static Path write(List<Measurement> measurements, Path folder, String name) throws IOException {
        var file = Files.createDirectories(folder).resolve(name + ".json");
        JSON.writeValue(file.toFile(), measurements);
        return file;
    }
}
