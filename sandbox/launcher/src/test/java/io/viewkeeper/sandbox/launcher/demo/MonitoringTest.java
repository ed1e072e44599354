// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MonitoringTest {
    /** Both programs as strict as Debian's: neither creates the folders that lie around what it writes. */
    @Test
    void theAdviceWorksInAFreshCheckoutAndLeavesNothingElse(@TempDir Path directory)
            throws IOException, InterruptedException {
        Path programs = Files.createDirectory(directory.resolve("programs"));
        program(programs.resolve("apt-get"), "test \"$1\" = download && echo > \"$2_1_amd64.deb\"");
        program(programs.resolve("dpkg-deb"), "test \"$#\" = 3 && test -f \"$2\" && mkdir \"$3\"");
        Path checkout = Files.createDirectory(directory.resolve("it's a checkout"));
        var shell = new ProcessBuilder("bash", "-c", Monitoring.download(checkout))
                .directory(Files.createDirectory(directory.resolve("elsewhere")).toFile())
                .inheritIO();
        shell.environment().merge("PATH", programs.toString(), (path, first) -> first + ":" + path);
        assertThat(shell.start().waitFor()).isZero();
        try (var files = Files.walk(checkout)) {
            assertThat(files.filter(file -> !file.equals(checkout)).map(checkout::relativize))
                    .map(Path::toString)
                    .containsExactlyInAnyOrder("target", "target/tools", "target/tools/prometheus");
        }
        assertThat(directory.resolve("elsewhere")).isEmptyDirectory();
    }

    private static void program(Path file, String script) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + script + "\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }
}
