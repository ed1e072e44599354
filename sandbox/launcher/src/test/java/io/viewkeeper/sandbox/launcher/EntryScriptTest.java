package io.viewkeeper.sandbox.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The script {@code ./viewkeeper}, as far as it goes without building. */
class EntryScriptTest {
    private static final int WRONG_USE = 2;

    @TempDir
    private Path elsewhere;

    @Test
    void helpNamesEveryCommand() throws Exception {
        var run = run("help");

        assertThat(run.exitCode()).isZero();
        assertThat(run.output())
                .contains(
                        "demo",
                        "test",
                        "--quick",
                        "--all",
                        "--pauses",
                        "bench reports",
                        "bench refresh",
                        "bench optimizer",
                        "bench scrape",
                        "chaos",
                        "native");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dmeo",
                "demo --clams 5",
                "demo --claims",
                "demo --claims many",
                "demo --claims 0",
                "demo --x12 /nowhere/at/all",
                "bench",
                "bench views",
                "bench refresh --rows 5",
                "bench optimizer --rows 5",
                "bench scrape --rows 5",
                "chaos --kills none",
                "chaos now",
                "bench reports --once",
                "test --pauses --quick",
                "test --quick --all",
                "test --pauses --seed none",
                "native now"
            })
    void refusesAtOnceWhatItDoesNotKnow(String line) throws Exception {
        var run = run(line.split(" "));

        assertThat(run.exitCode()).as(run.output()).isEqualTo(WRONG_USE);
        assertThat(run.output()).startsWith("viewkeeper: ").contains("./viewkeeper help");
    }

    @Test
    void worksThroughALinkFromAnotherFolder() throws Exception {
        var link = Files.createSymbolicLink(elsewhere.resolve("a link"), script());

        var run = run(link, List.of("help"));

        assertThat(run.exitCode()).as(run.output()).isZero();
    }

    private record Run(int exitCode, String output) {}

    private Run run(String... arguments) throws IOException, InterruptedException {
        return run(script(), List.of(arguments));
    }

    private Run run(Path script, List<String> arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("bash", script.toString()));
        command.addAll(arguments);
        var process = new ProcessBuilder(command)
                .directory(elsewhere.toFile())
                .redirectErrorStream(true)
                .start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Run(process.waitFor(), output);
    }

    private static Path script() {
        return Installation.root().resolve("viewkeeper");
    }
}
