// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher.console;

import io.viewkeeper.sandbox.launcher.process.LauncherException;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * What the person at the command line reads. On a terminal, progress and the table are redrawn in place; into a file or a
 * pipe they are written line by line, less often. Methods may be called from any thread.
 */
public final class Screen {
    private static final Duration BETWEEN_LINES = Duration.ofSeconds(5);
    private static final Duration BETWEEN_REDRAWS = Duration.ofMillis(200);
    private static final String CLEAR_LINE = "\r\u001b[K";
    private static final String NO_WRAP = "\u001b[?7l";
    private static final String WRAP = "\u001b[?7h";

    private final PrintStream out;
    private final boolean terminal;
    private final InstantSource clock;
    private Instant lastShown = Instant.EPOCH;
    private int tableLines;
    private boolean inStep;

    Screen(PrintStream out, boolean terminal, InstantSource clock) {
        this.out = out;
        this.terminal = terminal;
        this.clock = clock;
    }

    public static Screen ofProcess() {
        return new Screen(System.out, Boolean.getBoolean("viewkeeper.terminal"), InstantSource.system());
    }

    public synchronized void say(String text) {
        leaveStep();
        tableLines = 0;
        out.println(text);
        out.flush();
    }

    public synchronized void problem(String text) {
        leaveStep();
        tableLines = 0;
        out.flush();
        System.err.println("viewkeeper: " + text);
    }

    /** Says what is being done and, when it is done, how long it took. */
    public <T> T step(String what, Callable<T> work) throws InterruptedException {
        var began = clock.instant();
        begin(what);
        try {
            var result = work.call();
            end(what, Duration.between(began, clock.instant()));
            return result;
        } catch (InterruptedException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new LauncherException("%s failed: %s".formatted(what, e));
        }
    }

    private synchronized void begin(String what) {
        tableLines = 0;
        lastShown = clock.instant();
        inStep = true;
        out.print("  " + what + " … ");
        out.flush();
    }

    private synchronized void end(String what, Duration taken) {
        var seconds = "%.1f s".formatted(taken.toMillis() / 1000.0);
        out.println((terminal || !inStep ? (terminal ? CLEAR_LINE : "") + "  " + what + " … " : "") + seconds);
        out.flush();
        inStep = false;
    }

    /** How far the current step is; shown at most as often as it can be read. */
    public synchronized void progress(String text) {
        var now = clock.instant();
        if (Duration.between(lastShown, now).compareTo(terminal ? BETWEEN_REDRAWS : BETWEEN_LINES) < 0) {
            return;
        }
        lastShown = now;
        if (terminal) {
            out.print(CLEAR_LINE + NO_WRAP + "  " + text + WRAP);
        } else {
            leaveStep();
            out.println("    " + text);
        }
        out.flush();
    }

    /** Shows the table in place of the last one, or, where there is no terminal, below it and every few seconds. */
    public synchronized void table(List<String> lines) {
        var now = clock.instant();
        if (!terminal && Duration.between(lastShown, now).compareTo(BETWEEN_LINES) < 0) {
            return;
        }
        finalTable(lines);
        lastShown = now;
    }

    /** Shows the table, whenever the last one was. */
    public synchronized void finalTable(List<String> lines) {
        if (!terminal) {
            lines.forEach(out::println);
            out.println();
            out.flush();
            return;
        }
        var text = new StringBuilder(NO_WRAP);
        if (tableLines > 0) {
            text.append("\u001b[").append(tableLines).append('A');
        }
        lines.forEach(line -> text.append(CLEAR_LINE).append(line).append('\n'));
        // A line that the last table had and this one has not would stay.
        text.append("\u001b[J").append(WRAP);
        out.print(text);
        out.flush();
        tableLines = lines.size();
    }

    private void leaveStep() {
        if (inStep) {
            out.println();
            inStep = false;
        }
    }
}
