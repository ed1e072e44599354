// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;

/**
 * Ends a PostgreSQL server when this JVM is gone, however it went: a shell waits at the other end of a pipe that only this
 * JVM holds, and the kernel closes that pipe. A JVM's own shutdown hooks do not run after {@code kill -9}.
 */
final class Lifeline {

    // Ctrl-C reaches the whole process group, hence the trap. The pid is used only while postmaster.pid still names it.
    private static final String WATCH = """
            trap '' INT HUP TERM
            read -r word
            [ "$word" = released ] && exit 0
            pid=$1 directory=$2 temporary=$3
            running() {
              [ "$(head -n 1 "$directory/data/postmaster.pid" 2>/dev/null)" = "$pid" ] && kill -0 "$pid" 2>/dev/null
            }
            running && kill -INT "$pid"
            tenths=0
            while running && [ "$tenths" -lt 300 ]; do sleep 0.1; tenths=$((tenths + 1)); done
            running && kill -QUIT "$pid"
            while running && [ "$tenths" -lt 400 ]; do sleep 0.1; tenths=$((tenths + 1)); done
            [ "$temporary" = true ] && rm -rf "$directory"
            """;

    private final Process watcher;

    private Lifeline(Process watcher) {
        this.watcher = watcher;
    }

    static Lifeline ofPostgres(long pid, ServerDirectory directory) throws IOException {
        var watcher = new ProcessBuilder(
                        "sh",
                        "-c",
                        WATCH,
                        "viewkeeper-lifeline",
                        Long.toString(pid),
                        directory.path().toString(),
                        Boolean.toString(directory.temporary()))
                .redirectOutput(Redirect.DISCARD)
                .redirectError(Redirect.DISCARD)
                .start();
        return new Lifeline(watcher);
    }

    /** The server is about to be ended by us. */
    void release() {
        try (var pipe = watcher.getOutputStream()) {
            pipe.write("released\n".getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException("Could not release the process that watches over PostgreSQL", e);
        }
    }
}
