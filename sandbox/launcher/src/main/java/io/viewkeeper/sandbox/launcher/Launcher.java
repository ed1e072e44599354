// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher;

import io.viewkeeper.sandbox.launcher.bench.Bench;
import io.viewkeeper.sandbox.launcher.bench.BenchOptimizer;
import io.viewkeeper.sandbox.launcher.bench.BenchRefresh;
import io.viewkeeper.sandbox.launcher.bench.BenchReports;
import io.viewkeeper.sandbox.launcher.bench.BenchScrape;
import io.viewkeeper.sandbox.launcher.chaos.Chaos;
import io.viewkeeper.sandbox.launcher.console.Command;
import io.viewkeeper.sandbox.launcher.console.Screen;
import io.viewkeeper.sandbox.launcher.demo.Demo;
import io.viewkeeper.sandbox.launcher.process.LauncherException;
import io.viewkeeper.sandbox.server.SandboxServerException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;

/** The program behind {@code ./viewkeeper demo}, {@code bench} and {@code chaos}, which builds it and tells it where it is. */
public final class Launcher {
    private static final int FAILED = 1;
    private static final int WRONG_USE = 2;

    private Launcher() {}

    public static void main(String[] arguments) {
        System.exit(run(List.of(arguments)));
    }

    private static int run(List<String> arguments) {
        var screen = Screen.ofProcess();
        try {
            var root = Path.of(System.getProperty("viewkeeper.root", "")).toAbsolutePath();
            return switch (Command.parse(arguments)) {
                case Command.Demo demo -> new Demo(root, demo, screen).run();
                case Command.BenchReports(long claims) -> Bench.run(root, new BenchReports(claims), screen);
                case Command.BenchRefresh(boolean quick) -> Bench.run(root, new BenchRefresh(quick), screen);
                case Command.BenchOptimizer(boolean quick) -> Bench.run(root, new BenchOptimizer(quick), screen);
                case Command.BenchScrape(boolean quick) -> Bench.run(root, new BenchScrape(quick), screen);
                case Command.Chaos chaos -> new Chaos(root, chaos, screen).run();
            };
        } catch (Command.WrongUseException e) {
            screen.problem(e.getMessage());
            return WRONG_USE;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return FAILED;
        } catch (LauncherException e) {
            screen.problem(e.getMessage());
            return FAILED;
        } catch (SandboxServerException | SQLException | IOException | UncheckedIOException e) {
            screen.problem(sentence(e));
            return FAILED;
        }
    }

    private static String sentence(Exception failure) {
        var text = new StringBuilder(failure.toString());
        for (var cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            text.append("\n  because: ").append(cause);
        }
        if (text.indexOf("No space left on device") >= 0) {
            text.append("\nThe disk is full. The servers keep their data in the folder for temporary files (")
                    .append(System.getProperty("java.io.tmpdir"))
                    .append("); make room there, or set TMPDIR to another folder, and try again.");
        }
        return text.toString();
    }
}
