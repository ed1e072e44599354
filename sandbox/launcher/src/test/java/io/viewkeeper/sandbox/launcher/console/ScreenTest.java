// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScreenTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private Instant now = Instant.parse("2026-03-01T12:00:00Z");

    @Test
    void withoutATerminalNothingIsDrawnTwiceInPlace() {
        var screen = screen(false);
        screen.table(List.of("first"));
        screen.table(List.of("too soon"));
        now = now.plus(Duration.ofSeconds(6));
        screen.table(List.of("second"));

        assertThat(shown()).isEqualTo("first\n\nsecond\n\n").doesNotContain("\u001b");
    }

    @Test
    void onATerminalATableReplacesTheLastOne() {
        var screen = screen(true);
        screen.table(List.of("one", "two"));
        screen.table(List.of("three"));

        assertThat(shown()).contains("\u001b[2A").endsWith("\r\u001b[Kthree\n\u001b[J\u001b[?7h");
    }

    @Test
    void onATerminalATableAfterATextDoesNotOverwriteTheText() {
        var screen = screen(true);
        screen.table(List.of("one"));
        screen.say("a service died");
        bytes.reset();
        screen.table(List.of("one"));

        assertThat(shown()).doesNotContain("\u001b[1A");
    }

    @Test
    void aStepSaysHowLongItTook() throws InterruptedException {
        screen(false).step("Working", () -> {
            now = now.plusMillis(1500);
            return "done";
        });

        assertThat(shown()).isEqualTo("  Working … 1.5 s\n");
    }

    @Test
    void progressOfAStepIsShownEverySoOften() throws InterruptedException {
        var screen = screen(false);
        screen.step("Working", () -> {
            screen.progress("at once");
            now = now.plus(Duration.ofSeconds(6));
            screen.progress("half");
            return "done";
        });

        assertThat(shown()).isEqualTo("  Working … \n    half\n  Working … 6.0 s\n");
    }

    private Screen screen(boolean terminal) {
        return new Screen(new PrintStream(bytes, true, StandardCharsets.UTF_8), terminal, () -> now);
    }

    private String shown() {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
