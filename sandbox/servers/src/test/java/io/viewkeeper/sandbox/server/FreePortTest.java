// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FreePortTest {
    private final List<Integer> tried = new ArrayList<>();

    @Test
    void aServerWhoseFreePortWasTakenIsStartedOnAnother() {
        int port = FreePort.startOn(0, chosen -> tried.size() < 2 ? fail(chosen) : chosen, () -> true);

        assertThat(tried).hasSize(2).doesNotContain(port);
    }

    @Test
    void aServerThatFailsForAnotherReasonIsNotStartedAgain() {
        assertThatThrownBy(() -> FreePort.startOn(0, this::fail, () -> false))
                .isInstanceOf(SandboxServerException.class);

        assertThat(tried).hasSize(1);
    }

    @Test
    void aChosenPortIsTriedOnce() {
        assertThatThrownBy(() -> FreePort.startOn(5432, this::fail, () -> true)).hasMessage("5432 is taken");

        assertThat(tried).containsExactly(5432);
    }

    private int fail(int port) {
        tried.add(port);
        throw new SandboxServerException(port + " is taken");
    }
}
