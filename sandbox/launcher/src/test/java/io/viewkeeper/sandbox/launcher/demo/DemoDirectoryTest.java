// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viewkeeper.sandbox.launcher.process.LauncherException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoDirectoryTest {
    @TempDir
    private Path folder;

    @Test
    void aSecondDemoIsToldWhichProcessRunsTheFirst() throws IOException {
        try (var first = DemoDirectory.take(folder)) {
            assertThatThrownBy(() -> DemoDirectory.take(first.path()))
                    .isInstanceOf(LauncherException.class)
                    .hasMessageContaining(Long.toString(ProcessHandle.current().pid()));
        }
        try (var second = DemoDirectory.take(folder)) {
            assertThat(second.path()).isEqualTo(folder);
        }
    }

    @Test
    void theNextDemoFindsNothingOfTheLast() throws IOException {
        Files.writeString(folder.resolve("connection.env"), "POSTGRES_URL=gone");
        Files.writeString(folder.resolve("refresher-service.log"), "old");

        try (var directory = DemoDirectory.take(folder)) {
            assertThat(directory.connectionFile()).doesNotExist();
            assertThat(folder.resolve("refresher-service.log")).doesNotExist();
        }
    }

    @Test
    void connectionFileIsPlainLinesThatOnlyItsOwnerMayReadAndGoesWithTheDemo() throws IOException {
        var lines = new LinkedHashMap<String, String>();
        lines.put("POSTGRES_URL", "postgresql://owner:secret@127.0.0.1:1/viewkeeper");
        lines.put("REFRESHER_URL", "http://127.0.0.1:2");
        Path file;
        try (var directory = DemoDirectory.take(folder)) {
            file = directory.connectionFile();
            ConnectionFile.write(file, lines);

            assertThat(file)
                    .hasContent(
                            "POSTGRES_URL=postgresql://owner:secret@127.0.0.1:1/viewkeeper\nREFRESHER_URL=http://127.0.0.1:2");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
        }
        assertThat(file).doesNotExist();
    }
}
