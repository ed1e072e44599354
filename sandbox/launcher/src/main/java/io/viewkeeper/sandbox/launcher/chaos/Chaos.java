// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher.chaos;

import io.viewkeeper.sandbox.launcher.console.Command;
import io.viewkeeper.sandbox.launcher.console.Screen;
import io.viewkeeper.sandbox.launcher.process.Started;
import io.viewkeeper.sandbox.launcher.workbench.Workbench;
import java.nio.file.Path;
import java.util.random.RandomGenerator;

/** Refreshers that are killed under load, and whether anything got lost. */
public final class Chaos {
    private static final int DONE = 0;
    private static final int FAULTS_FOUND = 1;
    private static final int SEEDS = 1_000_000;

    private final Path root;
    private final Command.Chaos command;
    private final Screen screen;
    private final Started started = new Started();

    public Chaos(Path root, Command.Chaos command, Screen screen) {
        this.root = root;
        this.command = command;
        this.screen = screen;
    }

    /** Returns the exit code: 0 when nothing got lost. */
    public int run() throws InterruptedException {
        var hook = new Thread(started::close, "stop");
        Runtime.getRuntime().addShutdownHook(hook);
        try (started) {
            long seed =
                    command.seed().orElseGet(() -> RandomGenerator.getDefault().nextInt(1, SEEDS));
            screen.say("Two refreshers, %d views, kill -9 at %d random moments; --seed %d gives these moments again"
                    .formatted(ChaosRun.VIEWS, command.kills(), seed));
            var workbench = screen.step("Starting PostgreSQL and Kafka", () -> Workbench.start(root, started));
            var run = new ChaosRun(workbench.site("chaos"), command.kills(), seed);
            return show(screen.step(
                    "Killing",
                    () -> run.run((done, all) -> screen.progress("Killing: %d of %d".formatted(done, all)))));
        }
    }

    private int show(ChaosRun.Result result) {
        screen.say("%,d kills, %,d of them while a refresh was under way"
                .formatted(result.kills(), result.killsDuringARefresh()));
        screen.say("%,d runs in the history, %,d completed and %,d failed; %,d events read"
                .formatted(result.completed() + result.failed(), result.completed(), result.failed(), result.events()));
        if (result.faults().isEmpty()) {
            screen.say("Each run has one row and one event, in order; nothing is left under way.");
            return DONE;
        }
        result.faults().forEach(screen::problem);
        return FAULTS_FOUND;
    }
}
