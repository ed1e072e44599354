// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DatabaseFiguresTest {
    private static final String WITHIN = DatabaseFigures.within(Duration.ofMinutes(5));

    @Test
    void whatIsTooLittleIsCountedInWordsThatFit() {
        assertThat(DatabaseFigures.tooFewBlocks(1, WITHIN, 1_000))
                .isEqualTo(
                        "Statements of others asked for 1 block in the last 5 minutes; the least to judge by is 1000.");
        assertThat(DatabaseFigures.tooFewBlocks(0, WITHIN, 1)).contains("asked for 0 blocks");
        assertThat(DatabaseFigures.tooFewScans(1, WITHIN, 100))
                .isEqualTo("Others than Viewkeeper's refreshes scanned larger tables once for certain in the last 5"
                        + " minutes; the least to judge by is 100.");
        assertThat(DatabaseFigures.tooFewScans(12, WITHIN, 100)).contains("scanned larger tables 12 times");
        assertThat(DatabaseFigures.within(Duration.ofSeconds(60))).isEqualTo(" in the last minute");
        assertThat(DatabaseFigures.within(Duration.ofSeconds(59))).isEqualTo(" in the last 59 seconds");
    }
}
