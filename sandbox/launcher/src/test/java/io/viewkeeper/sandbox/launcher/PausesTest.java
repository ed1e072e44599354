// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.sandbox.launcher.installation.Installation;
import io.viewkeeper.sandbox.server.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code sandbox/pauses}, which stops what belongs to a run of the tests. */
@Tag("server")
class PausesTest {
    private final String run = UUID.randomUUID().toString();

    @TempDir
    private Path folder;

    private Process ours;
    private Process another;
    private Process pauses;

    @BeforeEach
    void start() throws IOException {
        ours = process(run);
        another = process("another");
        pauses = new ProcessBuilder(
                        Installation.root().resolve("sandbox/pauses").toString(), run, "7", "1", "1")
                .redirectOutput(folder.resolve("pauses.log").toFile())
                .start();
    }

    @AfterEach
    void end() {
        pauses.destroy();
        ours.destroyForcibly();
        another.destroyForcibly();
    }

    @Test
    void aProcessOfTheRunStandsStillAndGoesOnAndNoOtherDoes() throws IOException {
        for (int pause = 0; pause < 2; pause++) {
            Await.until("it stands still", () -> state(ours) == 'T');
            assertThat(state(another)).isEqualTo('S');
            Await.until("it goes on", () -> state(ours) == 'S');
        }
        assertThat(Files.readAllLines(folder.resolve("pauses.log")))
                .hasSizeGreaterThanOrEqualTo(2)
                .allMatch(line -> line.contains("service (process %d) stands still for ".formatted(ours.pid())));
    }

    @Test
    void whatStandsStillGoesOnWhenThePausesAreOver() {
        Await.until("it stands still", () -> state(ours) == 'T');
        pauses.destroy();
        Await.until("it goes on", () -> state(ours) == 'S');
        Await.until("the pauses have ended", () -> !pauses.isAlive());
    }

    /** Looks like one of our services. */
    private static Process process(String run) throws IOException {
        var builder = new ProcessBuilder("bash", "-c", "exec -a quarkus-run.jar sleep 600");
        builder.environment().put("SANDBOX_RUN", run);
        return builder.start();
    }

    /** One letter, as the kernel says it: T is stopped, S sleeps. */
    private static char state(Process process) {
        try {
            var words = Files.readString(Path.of("/proc/%d/stat".formatted(process.pid())));
            return words.charAt(words.lastIndexOf(')') + 2);
        } catch (IOException gone) {
            return 'X';
        }
    }
}
