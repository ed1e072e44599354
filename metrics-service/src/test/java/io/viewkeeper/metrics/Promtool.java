// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics;

import io.viewkeeper.sandbox.server.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Prometheus' own judge of metrics and rules: on the PATH, or where {@code ./viewkeeper} unpacks it. */
record Promtool(Path executable) {
    /** What it said, both streams together. */
    record Answer(int exitCode, String text) {}

    /** The repository. */
    static Path root() {
        return Path.of(System.getProperty("viewkeeper.root", ".."));
    }

    static Promtool find() {
        var onPath = Arrays.stream(
                        System.getenv().getOrDefault("PATH", "").split(System.getProperty("path.separator", ":"), -1))
                .filter(folder -> !folder.isEmpty())
                .map(Path::of);
        return Stream.concat(onPath, Stream.of(root().resolve("target/tools/prometheus/usr/bin")))
                .map(folder -> folder.resolve("promtool"))
                .filter(Files::isExecutable)
                .findFirst()
                .map(Promtool::new)
                .orElseThrow(() -> new AssertionError("promtool is neither on the PATH nor in target/tools/prometheus:"
                        + " install the package prometheus (Debian, Ubuntu), or run ./viewkeeper test, which fetches"
                        + " it"));
    }

    Answer run(String... arguments) {
        return pipe("", arguments);
    }

    /** Runs it with a text as its standard input. */
    Answer pipe(String input, String... arguments) {
        var command = new ArrayList<>(List.of(executable.toString()));
        command.addAll(List.of(arguments));
        try {
            var stdin = Files.createTempFile("promtool", ".in");
            try {
                Files.writeString(stdin, input);
                return run(new ProcessBuilder(command).redirectInput(stdin.toFile()));
            } finally {
                Files.delete(stdin);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static Answer run(ProcessBuilder builder) throws IOException {
        var process = builder.redirectErrorStream(true).start();
        try (var output = process.getInputStream()) {
            String text = new String(output.readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(Await.PATIENCE)) {
                throw new AssertionError("promtool did not end: " + text);
            }
            return new Answer(process.exitValue(), text);
        } catch (InterruptedException stopped) {
            throw new IllegalStateException(stopped);
        } finally {
            process.destroyForcibly();
        }
    }
}
