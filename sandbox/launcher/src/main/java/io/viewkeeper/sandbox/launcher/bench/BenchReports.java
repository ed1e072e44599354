// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher.bench;

import io.viewkeeper.sandbox.claims.Measurement;
import io.viewkeeper.sandbox.claims.ReportBenchmark;
import io.viewkeeper.sandbox.launcher.console.Screen;
import io.viewkeeper.sandbox.launcher.process.Started;
import io.viewkeeper.sandbox.launcher.workbench.SampleData;
import io.viewkeeper.sandbox.server.MigrationOptions;
import io.viewkeeper.sandbox.server.PostgresOptions;
import io.viewkeeper.sandbox.server.PostgresServer;
import io.viewkeeper.sandbox.server.Role;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.util.List;

/** Reports asked of the views of one database; the baseline is the same report asked of its base tables. */
public record BenchReports(long claims) implements Experiment {
    @Override
    public String name() {
        return "reports";
    }

    @Override
    public String goal() {
        return "a ratio of 1,000 for reports that a view answers at its own grain.";
    }

    /** Two sides that answer differently are a failure. */
    @Override
    public List<Measurement> measure(Path root, Started started, Screen screen)
            throws InterruptedException, SQLException {
        screen.say("Reports over %,d claims: base tables with every sensible index against views".formatted(claims));
        var postgres = screen.step(
                "Starting PostgreSQL", () -> started.start(() -> PostgresServer.start(PostgresOptions.temporary())));
        var database =
                screen.step("Creating the database", () -> postgres.createDatabase("bench", MigrationOptions.claims()));
        SampleData.generate(database, SampleData.options(claims), screen);
        try (var connection = database.connect(Role.OWNER)) {
            return screen.step(
                    "Asking",
                    () -> ReportBenchmark.run(
                            connection,
                            ZoneOffset.UTC,
                            (step, done, total) ->
                                    screen.progress("Asking: %s, %d of %d".formatted(step, done, total))));
        }
    }
}
