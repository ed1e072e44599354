// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.sandbox.launcher.installation.Installation;
import io.viewkeeper.sandbox.launcher.process.Started;
import io.viewkeeper.sandbox.launcher.workbench.Workbench;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** That every part of {@code ./viewkeeper bench optimizer} measures something; its numbers here say nothing. */
@Tag("server")
@Isolated("it measures, or kills at moments")
@Tag("release")
class BenchOptimizerIT {
    @Test
    void everyPartMeasures() throws Exception {
        try (var started = new Started()) {
            var workbench = Workbench.start(Installation.root(), started, BenchOptimizer.SERVER);

            var plans = PlanRate.measure(workbench.site("plans_it"), 1_000, Duration.ofMillis(500));
            var look = LookCost.measure(workbench.site("looks_it"), new LookCost.Scale(500, 300_000, 1));

            assertThat(plans)
                    .allSatisfy(measured -> assertThat(measured.value()).isPositive());
            assertThat(plans.getFirst().ratio()).isPositive();
            assertThat(look).allSatisfy(measured -> assertThat(measured.value()).isPositive());
            assertThat(look.getFirst().ratio()).isPositive();
        }
    }
}
