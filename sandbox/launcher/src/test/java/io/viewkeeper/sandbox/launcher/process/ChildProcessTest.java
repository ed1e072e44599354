// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viewkeeper.sandbox.server.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildProcessTest {
    @TempDir
    private Path folder;

    @Test
    void endsWithTheJvmThatStartedItEvenIfThatIsKilled() throws Exception {
        var parent = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Parent.class.getName(),
                        folder.toString())
                .inheritIO()
                .start();
        var file = folder.resolve("pid");
        Await.until("a child, started", () -> pidIn(file).isPresent());
        var child = ProcessHandle.of(pidIn(file).orElseThrow());
        assertThat(child).get().matches(ProcessHandle::isAlive, "runs beside its parent");

        parent.destroyForcibly().waitFor();
        Await.until(
                "the child has ended",
                () -> child.filter(ProcessHandle::isAlive).isEmpty());
    }

    @Test
    void tellsHowItEndedAndWhatItSaidLast() throws InterruptedException {
        try (var child = start("echo nearly; echo out of luck; exit 7")) {
            assertThat(child.awaitExit(Await.PATIENCE)).isEqualTo(7);
            assertThat(child.obituary()).contains("exit code 7", "out of luck");
        }
    }

    @Test
    void isKilledWhenItDoesNotListen() throws InterruptedException {
        var child = start("trap '' TERM; while true; do sleep 1; done");
        child.kill();
        assertThat(child.isAlive()).isFalse();
    }

    @Test
    void doesNotHearOfSettingsThatSomebodyExportedForHisOwnInstallation() throws InterruptedException {
        try (var child = ChildProcess.start(
                "env", List.of("env"), Map.of("QUARKUS_DATASOURCE_PASSWORD", "ours"), folder.resolve("env.log"))) {
            child.awaitExit(Await.PATIENCE);
            assertThat(child.endOfLog().lines().filter(line -> line.startsWith("QUARKUS_")))
                    .containsExactly("QUARKUS_DATASOURCE_PASSWORD=ours");
        }
    }

    @Test
    void oneThatTakesTooLongIsReported() {
        try (var child = start("echo busy; sleep 600")) {
            assertThatThrownBy(() -> child.awaitExit(Duration.ofMillis(200)))
                    .isInstanceOf(LauncherException.class)
                    .hasMessageContaining("has not ended");
        }
    }

    private ChildProcess start(String script) {
        return ChildProcess.start("child", List.of("sh", "-c", script), Map.of(), folder.resolve("child.log"));
    }

    private static Optional<Long> pidIn(Path file) {
        try {
            var text = Files.exists(file) ? Files.readString(file).strip() : "";
            return text.isEmpty() ? Optional.empty() : Optional.of(Long.valueOf(text));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** A JVM that starts a child, and waits to be killed. */
    static final class Parent {
        private Parent() {}

        public static void main(String[] arguments) throws InterruptedException {
            var folder = Path.of(arguments[0]);
            ChildProcess.start(
                    "child",
                    List.of(
                            "sh",
                            "-c",
                            "echo $$ > \"$1\"; exec sleep 600",
                            "sh",
                            folder.resolve("pid").toString()),
                    Map.of(),
                    folder.resolve("child.log"));
            Thread.sleep(Duration.ofMinutes(10));
        }
    }
}
