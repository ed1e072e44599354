// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** How a Quarkus module is run. */
public enum Packaging {
    JVM {
        @Override
        public List<String> command(Path module) {
            // Small and quick to start, for a machine that runs six servers at once.
            return jvm(module, List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        }
    },

    /** As it runs where it stays for longer: with the second compiler, which makes code quick that is executed often. */
    JVM_FOR_LONG {
        @Override
        public List<String> command(Path module) {
            return jvm(module, List.of("-Xmx256m", "-XX:+UseSerialGC"));
        }
    },

    NATIVE {
        @Override
        public List<String> command(Path module) {
            try (Stream<Path> files = Files.list(module.resolve("target"))) {
                return List.of(files.filter(file -> file.toString().endsWith("-runner") && Files.isExecutable(file))
                        .findFirst()
                        .orElseThrow(() -> new LauncherException(
                                "%s has no native executable: run './viewkeeper native' first".formatted(module)))
                        .toString());
            } catch (IOException e) {
                throw new UncheckedIOException("Could not look for a native executable of " + module, e);
            }
        }
    };

    /** How the program of a module is started; options {@code -D…} of a JVM go before its {@code -jar}. */
    public abstract List<String> command(Path module);

    private static List<String> jvm(Path module, List<String> options) {
        var jar = module.resolve("target/quarkus-app/quarkus-run.jar");
        if (!Files.isRegularFile(jar)) {
            throw new LauncherException("%s is missing: './viewkeeper demo' builds it".formatted(jar));
        }
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of(
                "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-jar", jar.toString()));
        return command;
    }
}
