// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A program that was started here and that does not outlive this JVM, not even one that is killed: a shell at the other end
 * of a pipe, which the kernel then closes, ends it.
 */
public final class ChildProcess implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int LINES_SHOWN = 30;

    // Ctrl-C reaches the whole process group: what ends, and in which order, is for the launcher to say. The program
    // starts when its lifeline is there, and never if the launcher is killed before.
    private static final List<String> WRAPPER =
            List.of("sh", "-c", "trap '' INT HUP; read -r go || exit 1; exec \"$@\" < /dev/null", "sh");
    private static final String LIFELINE = """
            trap '' INT HUP TERM
            read -r word
            [ "$word" = released ] && exit 0
            kill -TERM "$1" 2>/dev/null
            tenths=0
            while kill -0 "$1" 2>/dev/null && [ "$tenths" -lt 100 ]; do sleep 0.1; tenths=$((tenths + 1)); done
            kill -KILL "$1" 2>/dev/null
            """;

    private final String name;
    private final Path log;
    private final Process process;
    private final Process lifeline;

    private ChildProcess(String name, Path log, Process process, Process lifeline) {
        this.name = name;
        this.log = log;
        this.process = process;
        this.lifeline = lifeline;
    }

    /** Starts the command with these variables added to its environment and its output appended to the log. */
    public static ChildProcess start(String name, List<String> command, Map<String, String> environment, Path log) {
        var words = new ArrayList<>(WRAPPER);
        words.addAll(command);
        var builder =
                new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(Redirect.appendTo(log.toFile()));
        builder.environment().keySet().removeIf(ChildProcess::wouldChangeIt);
        builder.environment().putAll(environment);
        try {
            var process = builder.start();
            var lifeline = lifelineOf(process);
            tell(process, "go");
            return new ChildProcess(name, log, process, lifeline);
        } catch (IOException e) {
            throw new UncheckedIOException("Could not start " + name + ", whose log is " + log, e);
        }
    }

    /** What somebody has exported for an installation of his own must not reach the sandbox. */
    private static boolean wouldChangeIt(String variable) {
        return variable.startsWith("QUARKUS_")
                || variable.startsWith("VIEWKEEPER_")
                || variable.startsWith("KAFKA_")
                || variable.startsWith("SMALLRYE_")
                || variable.startsWith("MP_MESSAGING_")
                || variable.equals("JAVA_TOOL_OPTIONS");
    }

    private static Process lifelineOf(Process process) throws IOException {
        try {
            return new ProcessBuilder("sh", "-c", LIFELINE, "viewkeeper-lifeline", Long.toString(process.pid()))
                    .redirectOutput(Redirect.DISCARD)
                    .redirectError(Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            process.destroyForcibly();
            throw e;
        }
    }

    String name() {
        return name;
    }

    public long pid() {
        return process.pid();
    }

    /** What it has in memory now, as Linux counts it. */
    public long residentBytes() {
        try (var lines = Files.lines(Path.of("/proc", Long.toString(pid()), "status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                            .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                            .findFirst()
                            .orElse(0)
                    * 1024;
        } catch (IOException e) {
            throw new UncheckedIOException("Could not read the memory of " + name, e);
        }
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** The exit code, if the process ends within the time. */
    public int awaitExit(Duration limit) throws InterruptedException {
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new LauncherException("%s has not ended within %d s; the end of its log %s:%n%s"
                    .formatted(name, limit.toSeconds(), log, endOfLog()));
        }
        release();
        return process.exitValue();
    }

    /** For people: that the process is gone, with what it said last. */
    public String obituary() {
        return "%s ended with exit code %d; the end of its log %s:%n%s"
                .formatted(name, process.exitValue(), log, endOfLog());
    }

    public String endOfLog() {
        try (var lines = Files.lines(log, StandardCharsets.UTF_8)) {
            var all = lines.toList();
            return String.join("\n", all.subList(Math.max(0, all.size() - LINES_SHOWN), all.size()));
        } catch (IOException | UncheckedIOException e) {
            return "(cannot be read: " + e + ")";
        }
    }

    /** Ends the process as {@code kill -9} does: it has no chance to say or do anything more. */
    public void kill() {
        release();
        process.destroyForcibly();
        process.onExit().join();
    }

    /** Asks the process to end; it may finish what it does. */
    public void askToStop() {
        process.destroy();
    }

    /** Asks the process to end, waits, and kills it if it does not. */
    @Override
    public void close() {
        askToStop();
        try {
            if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                kill();
            }
        } catch (InterruptedException e) {
            kill();
            Thread.currentThread().interrupt();
        }
        release();
    }

    private void release() {
        try {
            tell(lifeline, "released");
        } catch (IOException goneAlready) {
            lifeline.destroyForcibly();
        }
    }

    private static void tell(Process listener, String word) throws IOException {
        try (var pipe = listener.getOutputStream()) {
            pipe.write((word + "\n").getBytes(StandardCharsets.US_ASCII));
        }
    }
}
