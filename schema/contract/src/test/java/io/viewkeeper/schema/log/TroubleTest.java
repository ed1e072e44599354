// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TroubleTest {
    private long seconds = 1_000;
    private final Trouble trouble =
            new Trouble(() -> Duration.ofSeconds(seconds).toNanos());

    @Test
    void whatLastsIsSaidOnceThenEverMoreRarelyAndItsEndOnce() {
        assertThat(lines(20_000, _ -> true))
                .containsExactly(
                        "0 is",
                        "60 is",
                        "180 is",
                        "420 is",
                        "900 is",
                        "1860 is",
                        "3780 is",
                        "7380 is",
                        "10980 is",
                        "14580 is",
                        "18180 is");
        assertThat(trouble.seconds()).isEqualTo(20_000);
        assertThat(trouble.endIsWorthALine()).isTrue();
        assertThat(trouble.endIsWorthALine()).isFalse();
    }

    @Test
    void whatComesAndGoesEachSecondIsOneTrouble() {
        assertThat(lines(1_000, second -> second % 2 == 0))
                .containsExactly(
                        "0 is",
                        "1 ended",
                        "60 is",
                        "61 ended",
                        "180 is",
                        "181 ended",
                        "420 is",
                        "421 ended",
                        "900 is",
                        "901 ended");
    }

    @Test
    void whatComesBackAfterAWhileIsAnother() {
        assertThat(lines(200, second -> second % 50 < 20))
                .containsExactly("0 is", "20 ended", "50 is", "70 ended", "100 is", "120 ended", "150 is", "170 ended");
    }

    @Test
    void whatComesBackAtOnceAndStaysIsSaidInTime() {
        assertThat(lines(70, second -> second != 5)).containsExactly("0 is", "5 ended", "60 is");
    }

    @Test
    void whereThereIsNoneNothingEnds() {
        assertThat(lines(100, _ -> false)).isEmpty();
    }

    private List<String> lines(int during, IntPredicate isSo) {
        var lines = new ArrayList<String>();
        IntStream.range(0, during).forEach(second -> {
            if (isSo.test(second)) {
                if (trouble.isWorthALine()) {
                    lines.add(second + " is");
                }
            } else if (trouble.endIsWorthALine()) {
                lines.add(second + " ended");
            }
            seconds++;
        });
        return lines;
    }
}
