// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher.workbench;

import io.viewkeeper.sandbox.claims.ClaimsLoader;
import io.viewkeeper.sandbox.claims.GeneratorOptions;
import io.viewkeeper.sandbox.claims.x12.ClaimFileLoader;
import io.viewkeeper.sandbox.claims.x12.LoadOptions;
import io.viewkeeper.sandbox.claims.x12.LoadOutcome;
import io.viewkeeper.sandbox.claims.x12.PatientKey;
import io.viewkeeper.sandbox.launcher.console.Screen;
import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.sandbox.server.SandboxDatabase;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;

/** Fills the database of the demo or of a benchmark. */
public final class SampleData {
    /** Always the same: two demos, and the demo and its documentation, tell of the same claims. */
    public static final long SEED = 837;

    private SampleData() {}

    public static GeneratorOptions options(long claims) {
        return GeneratorOptions.of(SEED, claims, Instant.now());
    }

    /** Generates claims. */
    public static void generate(SandboxDatabase database, GeneratorOptions options, Screen screen)
            throws InterruptedException {
        long claims = options.claims();
        var result = screen.step(
                "Loading %,d claims".formatted(claims),
                () -> ClaimsLoader.load(
                        () -> database.connect(Role.OWNER),
                        options,
                        (step, done, total) -> screen.progress(
                                "Loading %,d claims: %s, %,d of %,d".formatted(claims, step, done, total))));
        screen.say("    %,d claims with %,d lines in %.1f s; checksum %s of seed %d"
                .formatted(
                        result.claims(),
                        result.lines(),
                        result.duration().toMillis() / 1000.0,
                        result.checksum(),
                        SEED));
    }

    /** Loads the X12 files of a folder and says of each what became of it. */
    public static void loadFiles(SandboxDatabase database, Path folder, Screen screen)
            throws InterruptedException, SQLException {
        try (var connection = database.connect(Role.OWNER)) {
            var loader = new ClaimFileLoader(
                    connection,
                    new LoadOptions(PatientKey.forSamples(), LoadOptions.Arrival.PROCESSED),
                    Clock.systemUTC());
            List<LoadOutcome> outcomes =
                    screen.step("Loading X12 837P files of " + folder, () -> loader.loadDirectory(folder));
            if (outcomes.isEmpty()) {
                screen.say("    the folder is empty");
            }
            outcomes.forEach(outcome -> screen.say("    " + outcome.describe()));
        }
    }
}
