// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.sandbox.launcher.installation.Installation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The script {@code ./viewkeeper}, as far as it goes without building. */
class EntryScriptTest {
    private static final int WRONG_USE = 2;

    /** In the mask of ignored signals. */
    private static final long SIGINT = 1 << (2 - 1);

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

    /** A script without job control has what it starts with & ignore SIGINT, and a JVM would go on doing so. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void startedInTheBackgroundByAScriptItHeedsAnInterrupt() throws Exception {
        var script = packagedCheckout("grep SigIgn /proc/$$/status");

        var run =
                run(Path.of("-c"), List.of("grep SigIgn /proc/self/status & wait; '%s' demo & wait".formatted(script)));

        var ignored = run.output()
                .lines()
                .map(line -> (Long.parseUnsignedLong(line.replaceAll(".*\\s", ""), 16) & SIGINT) != 0)
                .toList();
        assertThat(ignored).as(run.output()).containsExactly(true, false);
    }

    /** Neither Maven on PATH will do nor the wrapper's. */
    @ParameterizedTest
    @CsvSource({"'', false", "--yes, true"})
    void installsOnTheMachineOnlyWhatSomebodyAgreedTo(String option, boolean installs) throws Exception {
        var script = packagedCheckout("exit 1");
        Files.delete(elsewhere.resolve("target/packaged.stamp"));
        var programs = Files.createDirectories(elsewhere.resolve("programs"));
        executable(programs.resolve("mvn"), "#!/bin/sh\necho Apache Maven 3.0.5\n[ $1 = -v ]\n");
        executable(programs.resolve("id"), "#!/bin/sh\necho 0\n");
        executable(programs.resolve("apt-get"), "#!/bin/sh\necho \"$@\" >> '%s/asked'\n".formatted(elsewhere));

        var run = run(
                script,
                Stream.of("test", "--quick", option)
                        .filter(word -> !word.isEmpty())
                        .toList());

        assertThat(run.exitCode()).as(run.output()).isEqualTo(1);
        if (installs) {
            assertThat(elsewhere.resolve("asked")).content().contains("install", "maven");
        } else {
            assertThat(elsewhere.resolve("asked")).doesNotExist();
            assertThat(run.output()).contains("apt-get install maven", "--yes");
        }
    }

    /** What the script looks for before it starts Java, which is this script. */
    private Path packagedCheckout(String java) throws IOException {
        for (var module : List.of("schema/migration", "refresher-service", "optimizer-service", "metrics-service")) {
            Files.createFile(Files.createDirectories(elsewhere.resolve(module + "/target/quarkus-app"))
                    .resolve("quarkus-run.jar"));
        }
        for (var module : List.of(
                "schema/contract",
                "schema/access",
                "optimizer-core",
                "sandbox/servers",
                "sandbox/claims",
                "sandbox/launcher",
                ".mvn")) {
            Files.createDirectories(elsewhere.resolve(module));
        }
        try (var files = Files.walk(Installation.root(), 3)) {
            for (var pom : files.filter(file -> file.endsWith("pom.xml")).toList()) {
                var copy = elsewhere.resolve(Installation.root().relativize(pom));
                Files.createDirectories(copy.getParent());
                Files.copy(pom, copy);
            }
        }
        Files.createFile(Files.createDirectories(elsewhere.resolve("sandbox/launcher/target"))
                .resolve("viewkeeper-launcher-0.jar"));
        Files.createDirectories(elsewhere.resolve("jdk/bin"));
        Files.writeString(elsewhere.resolve("jdk/release"), "JAVA_VERSION=\"25\"");
        for (var program : List.of("java", "javac")) {
            executable(elsewhere.resolve("jdk/bin").resolve(program), "#!/bin/bash\n" + java + "\n");
        }
        Files.createFile(Files.createDirectories(elsewhere.resolve("target")).resolve("packaged.stamp"));
        return executable(elsewhere.resolve("viewkeeper"), Files.readString(script()));
    }

    private static Path executable(Path file, String content) throws IOException {
        Files.writeString(file, content);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }

    private record Run(int exitCode, String output) {}

    private Run run(String... arguments) throws IOException, InterruptedException {
        return run(script(), List.of(arguments));
    }

    private Run run(Path script, List<String> arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("bash", script.toString()));
        command.addAll(arguments);
        var builder = new ProcessBuilder(command).directory(elsewhere.toFile()).redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", elsewhere.resolve("jdk").toString());
        builder.environment()
                .merge("PATH", elsewhere.resolve("programs").toString(), (path, ours) -> ours + ":" + path);
        var process = builder.start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Run(process.waitFor(), output);
    }

    private static Path script() {
        return Installation.root().resolve("viewkeeper");
    }
}
