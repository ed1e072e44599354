// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SteadyClockTest {
    @Test
    void goesOnByWhatPassedSinceItWasMade() {
        var made = Instant.parse("2026-11-28T00:00:00Z");
        var nanos = new AtomicLong(-5);
        var clock = new SteadyClock(made, nanos::get);
        assertThat(clock.instant()).isEqualTo(made);
        nanos.addAndGet(90_000_000_000L);
        assertThat(clock.instant()).isEqualTo(made.plusSeconds(90));
    }
}
