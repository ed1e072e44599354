// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.sandbox.launcher.installation.Installation;
import io.viewkeeper.sandbox.launcher.workbench.Workbench;
import io.viewkeeper.sandbox.server.KafkaServer;
import io.viewkeeper.sandbox.server.PostgresServer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** A few of the kills of {@code ./viewkeeper chaos}. That its check finds faults is shown by {@link IntegrityTest}. */
@Tag("server")
@Isolated("it measures, or kills at moments")
@Tag("release")
class ChaosIT {
    private static final int KILLS = 5;
    private static final long SEED = 20_261_122;

    @Test
    void nothingGetsLostWhenRefreshersAreKilledUnderLoad() throws Exception {
        var workbench = new Workbench(Installation.root(), PostgresServer.shared(), KafkaServer.shared());

        var result = new ChaosRun(workbench.site("chaos_it"), KILLS, SEED).run((_, _) -> {});

        assertThat(result.faults()).isEmpty();
        assertThat(result.completed()).as("refreshes under load").isGreaterThan(ChaosRun.VIEWS);
        assertThat(result.events()).isGreaterThanOrEqualTo(result.completed() + result.failed());
    }
}
