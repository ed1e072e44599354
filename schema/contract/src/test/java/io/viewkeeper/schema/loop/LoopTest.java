// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LoopTest {
    private final AtomicLong nanos = new AtomicLong();
    private final Loop loop =
            new Loop("looks", new Loop.Limits(Duration.ofMinutes(10), Duration.ofMinutes(20)), nanos::get);

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    @Test
    void aStepThatFailsKeepsNoOtherFromItsTurn() {
        var done = new ArrayList<String>();
        loop.turn(turn -> {
            turn.step("one", () -> done.add("one"));
            turn.step("two", () -> {
                throw new IllegalStateException("broken");
            });
            turn.step("three", () -> done.add("three"));
        });
        assertThat(done).isEqualTo(List.of("one", "three"));
        assertThat(loop.failures()).containsOnlyKeys("two");
        assertThat(loop.lastSuccessAges()).containsKeys("one", "three").doesNotContainKey("two");
        loop.turn(turn -> turn.step("two", () -> {}));
        assertThat(loop.failures()).isEmpty();
    }

    @Test
    void whatFailsBetweenStepsEndsTheTurnAndNotTheLoop() {
        loop.turn(_ -> {
            throw new IllegalStateException("broken");
        });
        assertThat(loop.failures()).containsOnlyKeys("begin");
        pass(Duration.ofMinutes(3));
        assertThat(loop.lastTurnAge()).isEqualTo(Duration.ofMinutes(3));
    }

    @Test
    void isStuckInAStepThatTakesTooLong() {
        loop.turn(turn -> {
            turn.step("register", () -> pass(Duration.ofMinutes(9)));
            turn.step("claim", () -> {
                pass(Duration.ofMinutes(10));
                assertThat(loop.stuck()).isEmpty();
                pass(Duration.ofSeconds(1));
                assertThat(loop.stuck()).contains("in step claim for 601 s");
                turn.goesOn();
                assertThat(loop.stuck()).isEmpty();
            });
            // What stands between steps counts like one.
            pass(Duration.ofMinutes(11));
            assertThat(loop.stuck()).contains("in step begin for 660 s");
        });
        assertThat(loop.failures()).isEmpty();
        assertThat(loop.stuck()).isEmpty();
    }

    @Test
    void waitsWithoutBeingStuckUntilATurnIsMissed() {
        loop.turn(_ -> {});
        pass(Duration.ofMinutes(20));
        assertThat(loop.stuck()).isEmpty();
        pass(Duration.ofSeconds(1));
        assertThat(loop.stuck()).contains("no turn for 1201 s");
        loop.end();
        assertThat(loop.stuck()).isEmpty();
    }

    @Test
    void itsLimitsArePositive() {
        assertThatThrownBy(() -> new Loop.Limits(Duration.ZERO, Duration.ofMinutes(1)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
