// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The files of one server.
 *
 * @param temporary deleted when the server is closed, or when the JVM that started it is gone
 */
record ServerDirectory(Path path, boolean temporary) {

    private static final int LINES_SHOWN = 40;
    private static final FileAttribute<?> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    static ServerDirectory of(Optional<Path> chosen, String serverName) {
        try {
            if (chosen.isPresent()) {
                return new ServerDirectory(Files.createDirectories(chosen.get().toAbsolutePath()), false);
            }
            return new ServerDirectory(Files.createTempDirectory(ofThisUser(), serverName + "-"), true);
        } catch (IOException e) {
            throw new UncheckedIOException("Could not create a directory for " + serverName, e);
        }
    }

    /** Shared by the JVMs of one user, never by two users: what root unpacked, another could not replace. */
    private static Path ofThisUser() throws IOException {
        var path =
                Path.of(System.getProperty("java.io.tmpdir"), "viewkeeper-sandbox-" + System.getProperty("user.name"));
        try {
            Files.createDirectory(path, OWNER_ONLY);
        } catch (FileAlreadyExistsException existing) {
            // Anybody may create a directory of this name in /tmp; programs are run from it.
            if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)
                    || !Files.getOwner(path).getName().equals(System.getProperty("user.name"))) {
                throw new IOException(path + " belongs to another user: remove it", existing);
            }
        }
        return path;
    }

    /** Where the binaries of PostgreSQL are unpacked, once for all servers of this user. */
    static Path forBinaries() throws IOException {
        return Files.createDirectories(ofThisUser().resolve("binaries"));
    }

    Path log() {
        return path.resolve("server.log");
    }

    String endOfLog() {
        try {
            List<String> lines =
                    Files.readString(log(), StandardCharsets.UTF_8).lines().toList();
            return String.join("\n", lines.subList(Math.max(0, lines.size() - LINES_SHOWN), lines.size()));
        } catch (IOException e) {
            return "(" + log() + " cannot be read: " + e + ")";
        }
    }

    void deleteIfTemporary() {
        if (!temporary) {
            return;
        }
        try {
            deleteTree();
        } catch (IOException e) {
            throw new UncheckedIOException("Could not delete " + path, e);
        }
    }

    private void deleteTree() throws IOException {
        Files.walkFileTree(path, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
                    throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.deleteIfExists(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
