// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher.console;

import io.viewkeeper.sandbox.launcher.process.Packaging;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;

/** What was asked for. */
public sealed interface Command {

    /**
     * Start everything and show it.
     *
     * @param claims how many are generated
     * @param x12 a folder with X12 837P files to load besides
     * @param once leave when every view was refreshed by schedule and its event has arrived everywhere
     */
    record Demo(long claims, Optional<Path> x12, boolean once, Packaging packaging) implements Command {
        static final long DEFAULT_CLAIMS = 200_000;
    }

    /** Ask the reports of base tables and of views. */
    record BenchReports(long claims) implements Command {
        static final long DEFAULT_CLAIMS = 1_000_000;
    }

    /**
     * Measure what the refresher adds to a refresh, and what it costs between refreshes.
     *
     * @param quick a small run that shows that it works; its numbers say little
     */
    record BenchRefresh(boolean quick) implements Command {}

    /**
     * Measure how fast plans are analysed, what a look at many statements takes, and how soon it follows a refresh.
     *
     * @param quick a small run that shows that it works; its numbers say little
     */
    record BenchOptimizer(boolean quick) implements Command {}

    /**
     * Measure what scrapes of metrics-service take, and of another exporter on the same database.
     *
     * @param quick a small run that shows that it works; its numbers say little
     */
    record BenchScrape(boolean quick) implements Command {}

    /**
     * Kill refreshers under load, again and again, and look for what got lost.
     *
     * @param seed of the moments at which they are killed; empty: any
     */
    record Chaos(int kills, OptionalLong seed) implements Command {
        static final int DEFAULT_KILLS = 100;
    }

    /** The arguments make no command; the message says which. */
    final class WrongUseException extends RuntimeException {
        private static final long serialVersionUID = 1;

        WrongUseException(String message) {
            super(message);
        }

        @Override
        public String getMessage() {
            return String.valueOf(super.getMessage());
        }
    }

    /** The command that these arguments make. */
    static Command parse(List<String> arguments) {
        var rest = new ArrayDeque<>(arguments);
        var name = rest.isEmpty() ? "" : rest.remove();
        return switch (name) {
            case "demo" -> demo(rest);
            case "bench" -> bench(rest);
            case "chaos" -> chaos(rest);
            default ->
                throw new WrongUseException("There is no command '%s'; there are: demo, bench, chaos".formatted(name));
        };
    }

    private static Demo demo(Queue<String> rest) {
        long claims = Demo.DEFAULT_CLAIMS;
        var x12 = Optional.<Path>empty();
        boolean once = false;
        var packaging = Packaging.JVM;
        while (!rest.isEmpty()) {
            var option = rest.remove();
            switch (option) {
                case "--claims" -> claims = count(option, rest);
                case "--x12" -> x12 = Optional.of(Path.of(value(option, rest)));
                case "--once" -> once = true;
                case "--native" -> packaging = Packaging.NATIVE;
                default -> throw new WrongUseException("demo does not know '%s'".formatted(option));
            }
        }
        return new Demo(claims, x12, once, packaging);
    }

    private static Command bench(Queue<String> rest) {
        var name = rest.isEmpty() ? "" : rest.remove();
        return switch (name) {
            case "reports" -> benchReports(rest);
            case "refresh" -> new BenchRefresh(quick(name, rest));
            case "optimizer" -> new BenchOptimizer(quick(name, rest));
            case "scrape" -> new BenchScrape(quick(name, rest));
            default ->
                throw new WrongUseException(
                        "There is no bench '%s'; there are: reports, refresh, optimizer, scrape".formatted(name));
        };
    }

    private static boolean quick(String bench, Queue<String> rest) {
        boolean quick = false;
        while (!rest.isEmpty()) {
            var option = rest.remove();
            if (!option.equals("--quick")) {
                throw new WrongUseException("bench %s does not know '%s'".formatted(bench, option));
            }
            quick = true;
        }
        return quick;
    }

    private static Chaos chaos(Queue<String> rest) {
        long kills = Chaos.DEFAULT_KILLS;
        var seed = OptionalLong.empty();
        while (!rest.isEmpty()) {
            var option = rest.remove();
            switch (option) {
                case "--kills" -> kills = count(option, rest);
                case "--seed" -> seed = OptionalLong.of(count(option, rest));
                default -> throw new WrongUseException("chaos does not know '%s'".formatted(option));
            }
        }
        return new Chaos((int) kills, seed);
    }

    private static BenchReports benchReports(Queue<String> rest) {
        long claims = BenchReports.DEFAULT_CLAIMS;
        while (!rest.isEmpty()) {
            var option = rest.remove();
            if (!option.equals("--claims")) {
                throw new WrongUseException("bench reports does not know '%s'".formatted(option));
            }
            claims = count(option, rest);
        }
        return new BenchReports(claims);
    }

    private static String value(String option, Queue<String> rest) {
        if (rest.isEmpty()) {
            throw new WrongUseException(option + " needs a value");
        }
        return rest.remove();
    }

    private static long count(String option, Queue<String> rest) {
        var text = value(option, rest);
        if (!text.matches("[1-9][0-9]{0,8}")) {
            throw new WrongUseException("%s needs a number from 1 to 999999999, not '%s'".formatted(option, text));
        }
        return Long.parseLong(text);
    }
}
