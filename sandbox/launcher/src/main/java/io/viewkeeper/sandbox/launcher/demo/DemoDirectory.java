// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher.demo;

import io.viewkeeper.sandbox.launcher.process.LauncherException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** {@code target/demo}: logs, {@code connection.env}, and the lock that keeps a second demo of this checkout out. */
final class DemoDirectory implements AutoCloseable {
    private final Path path;
    private final FileChannel lock;
    private boolean keepsConnectionFile;

    private DemoDirectory(Path path, FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    /** Takes the directory, empty of what the last demo left. */
    static DemoDirectory take(Path path) throws IOException {
        Files.createDirectories(path);
        var file = path.resolve("lock");
        var lock = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        if (!isMine(lock)) {
            lock.close();
            throw new LauncherException(
                    "A demo is running from this checkout already (process %s). Stop it with Ctrl-C first, or use another clone."
                            .formatted(Files.readString(file).strip()));
        }
        lock.truncate(0);
        lock.write(ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
        var directory = new DemoDirectory(path, lock);
        directory.deleteLeftovers();
        return directory;
    }

    private static boolean isMine(FileChannel lock) throws IOException {
        try {
            return lock.tryLock() != null;
        } catch (OverlappingFileLockException heldByThisProcess) {
            return false;
        }
    }

    private void deleteLeftovers() throws IOException {
        Files.deleteIfExists(connectionFile());
        try (var logs = Files.newDirectoryStream(path, "*.log")) {
            for (var log : logs) {
                Files.delete(log);
            }
        }
    }

    Path path() {
        return path;
    }

    Path connectionFile() {
        return path.resolve("connection.env");
    }

    /** Leaves {@code connection.env} behind: its servers are gone then, but a script may want to see what was there. */
    synchronized void keepConnectionFile() {
        keepsConnectionFile = true;
    }

    @Override
    public synchronized void close() throws IOException {
        if (!lock.isOpen()) {
            return;
        }
        if (!keepsConnectionFile) {
            Files.deleteIfExists(connectionFile());
        }
        lock.truncate(0);
        lock.close();
    }
}
