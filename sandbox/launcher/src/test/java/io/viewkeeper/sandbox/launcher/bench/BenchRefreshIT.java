// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.sandbox.launcher.installation.Installation;
import io.viewkeeper.sandbox.launcher.process.Started;
import io.viewkeeper.sandbox.launcher.workbench.Workbench;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** That every part of {@code ./viewkeeper bench refresh} measures something; its numbers here say nothing. */
@Tag("server")
@Isolated("it measures, or kills at moments")
@Tag("release")
class BenchRefreshIT {
    @Test
    void everyPartMeasures() throws Exception {
        try (var started = new Started()) {
            var workbench = Workbench.start(Installation.root(), started);

            var overhead = RefreshOverhead.measure(workbench.site("overhead_it"), 2_000, 2);
            var latency = EventLatency.measure(workbench.site("latency_it"), 20);
            var idle = IdleCost.measure(workbench.site("idle_it"), List.of(10), Duration.ofSeconds(2));
            var drain = OutboxDrain.measure(workbench.site("drain_it"), 200);

            assertThat(overhead)
                    .allSatisfy(measured -> assertThat(measured.value()).isPositive());
            assertThat(overhead.getFirst().ratio()).isPositive();
            assertThat(latency)
                    .allSatisfy(measured -> assertThat(measured.value()).isPositive());
            assertThat(idle.getFirst().value()).isPositive();
            assertThat(drain.value()).isPositive();
        }
    }
}
