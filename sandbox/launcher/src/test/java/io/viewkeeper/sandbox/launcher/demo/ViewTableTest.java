// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.schema.event.ViewName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ViewTableTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    @Test
    void showsWhatIsKnownAndADashForWhatIsNot() {
        var refreshed = new ViewRow(
                new ViewName("analytics", "claims_daily_summary"),
                "daily",
                NOW.minusSeconds(75),
                "concurrent",
                Duration.ofMillis(1234),
                98_765L,
                NOW.plusSeconds(5),
                null);
        var unknown = new ViewRow(new ViewName("analytics", "unheard_of"), null, null, null, null, null, null, null);

        assertThat(ViewTable.render(List.of(refreshed, unknown), NOW))
                .containsExactly(
                        "view                  group       data is  last method  duration  rows changed  next due",
                        "----------------------------------------------------------------------------------------",
                        "claims_daily_summary  daily  1 m 15 s old  concurrent   1,234 ms        98,765    in 5 s",
                        "unheard_of            -                 -  -                   -             -         -");
    }

    @Test
    void putsTheFirstLineOfARemarkAtTheEndOfTheLine() {
        var failing = new ViewRow(
                new ViewName("analytics", "broken"),
                "daily",
                null,
                "concurrent",
                null,
                null,
                NOW.minusSeconds(1),
                "! permission denied\nand more");

        assertThat(ViewTable.render(List.of(failing), NOW).getLast()).endsWith("now  ! permission denied");
    }

    @ParameterizedTest
    @CsvSource({"-5, 0 s", "0, 0 s", "59, 59 s", "60, 1 m 00 s", "3599, 59 m 59 s", "3600, 1 h 00 m", "90061, 25 h 01 m"
    })
    void tellsADurationInItsTwoLargestUnits(long seconds, String words) {
        assertThat(ViewTable.words(Duration.ofSeconds(seconds))).isEqualTo(words);
    }
}
