// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class DeadReplicasTest {
    private static final UUID OTHER = UUID.randomUUID();
    private static final Duration PERIOD = Duration.ofSeconds(1);

    private final AtomicLong nanos = new AtomicLong();
    private final Replicas replicas = new Replicas(PERIOD, nanos::get);
    private Instant beat = Instant.parse("2026-03-29T00:59:00Z");

    private void look(Duration later) {
        nanos.addAndGet(later.toNanos());
        replicas.look(Map.of(OTHER, beat));
    }

    @Test
    void fiveMissedBeatsAreDeath() {
        look(PERIOD);
        for (int missed = 1; missed <= 4; missed++) {
            look(PERIOD);
            assertThat(replicas.isDead(OTHER)).isFalse();
        }
        look(PERIOD);
        assertThat(replicas.isDead(OTHER)).isTrue();
        beat = beat.plusSeconds(9);
        look(PERIOD);
        assertThat(replicas.isDead(OTHER)).as("it beats again").isFalse();
    }

    /** In the last hour of the server's clock, and again after it was set back. */
    @Test
    void aClockThatIsSetKillsNobodyAndHidesNobody() {
        look(PERIOD);
        for (int i = 0; i < 10; i++) {
            beat = beat.minusSeconds(3_600);
            look(PERIOD);
            beat = beat.plusSeconds(7_200);
            look(PERIOD);
            assertThat(replicas.isDead(OTHER)).isFalse();
        }
        for (int missed = 1; missed <= 5; missed++) {
            look(PERIOD);
        }
        assertThat(replicas.isDead(OTHER)).isTrue();
    }

    @Test
    void aPauseIsOneMissedBeatHoweverLong() {
        look(PERIOD);
        look(Duration.ofHours(1));
        look(Duration.ofMillis(10));
        assertThat(replicas.isDead(OTHER)).isFalse();
    }

    @Test
    void looksInQuickSuccessionCountOnce() {
        for (int i = 0; i < 50; i++) {
            look(Duration.ofMillis(90));
        }
        assertThat(replicas.isDead(OTHER)).isFalse();
        look(PERIOD);
        look(PERIOD);
        assertThat(replicas.isDead(OTHER)).isTrue();
    }

    @Test
    void whoHasLeftIsDeadAtOnce() {
        replicas.look(Collections.singletonMap(OTHER, null));
        assertThat(replicas.isDead(OTHER)).isTrue();
    }

    @Test
    void whoHasNoRunIsForgotten() {
        look(PERIOD);
        replicas.look(Map.of());
        assertThat(replicas.isDead(OTHER)).isFalse();
    }
}
