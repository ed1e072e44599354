// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher.process;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A program of others: on PATH, else where {@code ./viewkeeper} unpacks Debian's packages.
 *
 * @param file to be executed
 */
public record Tool(Path file) {

    public static Optional<Tool> prometheus(Path root) {
        return find(System.getenv("PATH"), unpacked(root, "prometheus"), "prometheus");
    }

    public static Optional<Tool> postgresExporter(Path root) {
        return find(System.getenv("PATH"), unpacked(root, "postgres-exporter"), "prometheus-postgres-exporter");
    }

    /** A Python that has {@code confluent_kafka}, if any has: where none had, {@code ./viewkeeper} has put one beside Debian's. */
    public static Tool python(Path root) {
        return unpackedOr(root, "confluent-kafka/python3", "python3");
    }

    /** Where PATH had no Node.js that is new enough, {@code ./viewkeeper} has unpacked one. */
    public static Tool node(Path root) {
        return unpackedOr(root, "node/bin/node", "node");
    }

    private static Tool unpackedOr(Path root, String unpacked, String onPath) {
        var file = root.resolve("target/tools").resolve(unpacked);
        return new Tool(Files.isExecutable(file) ? file : Path.of(onPath));
    }

    private static Path unpacked(Path root, String folder) {
        return root.resolve("target/tools").resolve(folder).resolve("usr/bin");
    }

    /** The first of this name in the folders of a PATH, or else in one more folder. */
    static Optional<Tool> find(String path, Path unpacked, String program) {
        return Stream.concat(
                        Arrays.stream(path.split(File.pathSeparator))
                                .filter(folder -> !folder.isEmpty())
                                .map(Path::of),
                        Stream.of(unpacked))
                .map(folder -> folder.resolve(program))
                .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                .findFirst()
                .map(Tool::new);
    }

    /** A file of the same package, if it is there: {@code ../share/…} of the program. */
    public Optional<Path> shared(String name) {
        return Optional.ofNullable(file.toAbsolutePath().getParent())
                .map(folder -> folder.resolveSibling("share").resolve(name))
                .filter(Files::exists);
    }
}
