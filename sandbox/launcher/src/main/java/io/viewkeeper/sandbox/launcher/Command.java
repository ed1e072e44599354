package io.viewkeeper.sandbox.launcher;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;

/** What was asked for. */
sealed interface Command {

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
            default -> throw new WrongUseException("There is no command '%s'; there are: demo, bench".formatted(name));
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

    private static BenchReports bench(Queue<String> rest) {
        var name = rest.isEmpty() ? "" : rest.remove();
        if (!name.equals("reports")) {
            throw new WrongUseException("There is no bench '%s'; there is: reports".formatted(name));
        }
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
