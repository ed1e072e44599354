// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viewkeeper.sandbox.launcher.process.Packaging;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandTest {
    @Test
    void aDemoWithoutOptionsGoesOnWithTwoHundredThousandClaims() {
        assertThat(Command.parse(List.of("demo")))
                .isEqualTo(new Command.Demo(200_000, Optional.empty(), false, Packaging.JVM));
    }

    @Test
    void optionsOfADemoComeInAnyOrder() {
        assertThat(Command.parse(List.of("demo", "--native", "--x12", "a folder", "--once", "--claims", "5")))
                .isEqualTo(new Command.Demo(5, Optional.of(Path.of("a folder")), true, Packaging.NATIVE));
    }

    @Test
    void theReportsAreMeasuredOverAMillionClaims() {
        assertThat(Command.parse(List.of("bench", "reports"))).isEqualTo(new Command.BenchReports(1_000_000));
    }

    @Test
    void theRefreshIsMeasuredInFullUnlessAQuickRunIsWanted() {
        assertThat(Command.parse(List.of("bench", "refresh"))).isEqualTo(new Command.BenchRefresh(false));
        assertThat(Command.parse(List.of("bench", "refresh", "--quick"))).isEqualTo(new Command.BenchRefresh(true));
    }

    @Test
    void theOptimizerIsMeasuredInFullUnlessAQuickRunIsWanted() {
        assertThat(Command.parse(List.of("bench", "optimizer"))).isEqualTo(new Command.BenchOptimizer(false));
        assertThat(Command.parse(List.of("bench", "optimizer", "--quick"))).isEqualTo(new Command.BenchOptimizer(true));
    }

    @Test
    void scrapesAreMeasuredInFullUnlessAQuickRunIsWanted() {
        assertThat(Command.parse(List.of("bench", "scrape"))).isEqualTo(new Command.BenchScrape(false));
        assertThat(Command.parse(List.of("bench", "scrape", "--quick"))).isEqualTo(new Command.BenchScrape(true));
    }

    @Test
    void chaosIsAHundredKillsAtAnyMoments() {
        assertThat(Command.parse(List.of("chaos"))).isEqualTo(new Command.Chaos(100, OptionalLong.empty()));
        assertThat(Command.parse(List.of("chaos", "--seed", "7", "--kills", "5")))
                .isEqualTo(new Command.Chaos(5, OptionalLong.of(7)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "demon",
                "demo --clams 5",
                "demo --claims",
                "demo --claims 0",
                "demo --claims -5",
                "demo --claims 12345678901",
                "demo --x12",
                "bench",
                "bench views",
                "bench refresh --quickly",
                "bench optimizer --slow",
                "bench scrape --views 5",
                "chaos --kills",
                "chaos --kills 0",
                "chaos --seed x",
                "chaos 5",
                "bench reports --claims many",
                "bench reports --once"
            })
    void refusesWhatItDoesNotKnow(String line) {
        assertThatThrownBy(() -> Command.parse(List.of(line.split(" ")))).isInstanceOf(Command.WrongUseException.class);
    }
}
