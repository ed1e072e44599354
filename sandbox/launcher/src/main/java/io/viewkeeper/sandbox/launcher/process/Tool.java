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
        var unpacked = root.resolve("target/tools/confluent-kafka/python3");
        return new Tool(Files.isExecutable(unpacked) ? unpacked : Path.of("python3"));
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
