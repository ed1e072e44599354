// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ToolTest {
    @TempDir
    private Path folder;

    @Test
    void isTakenFromPathBeforeWhereItWasUnpacked() throws IOException {
        var installed = program("installed/bin/tool");
        var unpacked = program("unpacked/usr/bin/tool");
        var path = String.join(
                File.pathSeparator,
                folder.resolve("empty").toString(),
                "",
                folderOf(installed).toString());

        assertThat(Tool.find(path, folderOf(unpacked), "tool")).contains(new Tool(installed));
        assertThat(Tool.find("", folderOf(unpacked), "tool")).contains(new Tool(unpacked));
    }

    @Test
    void isNotThereWhereNoFileOfItsNameCanBeExecuted() throws IOException {
        Files.writeString(folder.resolve("tool"), "no program");

        assertThat(Tool.find(folder.toString(), folder.resolve("nowhere"), "tool"))
                .isEmpty();
    }

    @Test
    void hasItsSharedFilesBesideIt() throws IOException {
        var tool = new Tool(program("usr/bin/tool"));
        Files.createDirectories(folder.resolve("usr/share/tool/web"));

        assertThat(tool.shared("tool/web")).contains(folder.resolve("usr/share/tool/web"));
        assertThat(tool.shared("other")).isEmpty();
    }

    private Path program(String name) throws IOException {
        var file = folder.resolve(name);
        Files.createDirectories(file.resolveSibling(""));
        Files.writeString(file, "#!/bin/sh\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
        return file;
    }

    private static Path folderOf(Path program) {
        return Objects.requireNonNull(program.getParent());
    }
}
