package io.viewkeeper.metrics.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.metrics.database.TableSource.Relation;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ScansTest {
    @Test
    void theRatiosAreOfAllTablesAndTheUsageOfLargeOnes() {
        var relations = List.of(
                new Relation(1, false, true, 99), new Relation(2, true, true, 99), new Relation(3, false, false, 99));
        var scans = Scans.of(relations, Map.of(1L, 1L, 2L, 3L, 3L, 4L));
        assertThat(scans.indexUsagePercent()).hasValue(75);
        assertThat(scans.indexRatio()).hasValue(3.0 / 8);
        assertThat(scans.tableRatio()).hasValue(5.0 / 8);
    }

    @Test
    void withoutScansThereIsNoRatio() {
        assertThat(Scans.NONE.indexUsagePercent()).isEmpty();
        assertThat(Scans.NONE.indexRatio()).isEmpty();
        assertThat(Scans.NONE.tableRatio()).isEmpty();
    }

    @Test
    void theRatiosAddUpToExactlyOne() {
        var random = new Random(1);
        for (int i = 0; i < 100_000; i++) {
            var scans = new Scans(random.nextInt(1_000_000), random.nextInt(1, 1_000_000), 0, 0);
            assertThat(scans.indexRatio().orElseThrow() + scans.tableRatio().orElseThrow())
                    .isEqualTo(1.0);
        }
    }
}
