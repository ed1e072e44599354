// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.viewkeeper.metrics.database.Scans.Kinds;
import io.viewkeeper.metrics.database.Scans.Span;
import io.viewkeeper.metrics.database.Scans.Sums;
import io.viewkeeper.metrics.database.TableSource.Own;
import io.viewkeeper.metrics.database.TableSource.Relation;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ScansTest {
    private static final Map<Long, Own> NOTHING_OF_OURS = Map.of();

    @Test
    void theRatiosAreOfAllTablesAndTheUsageOfLargeOnes() {
        var relations = List.of(
                new Relation(1, false, true, 99), new Relation(2, true, true, 99), new Relation(3, false, false, 99));
        var scans = Scans.of(relations, Map.of(1L, 1L, 2L, 3L, 3L, 4L), NOTHING_OF_OURS);
        assertThat(scans.indexUsagePercent()).hasValue(75);
        assertThat(scans.indexRatio()).hasValue(3.0 / 8);
        assertThat(scans.tableRatio()).hasValue(5.0 / 8);
        assertThat(scans.sums().large().atLeast()).isEqualTo(4);
    }

    @Test
    void whatOurRefreshesScannedIsLeftOut() {
        var relations = List.of(new Relation(1, false, true, 99), new Relation(2, true, true, 99));
        var scans = Scans.of(relations, Map.of(1L, 1_001L, 2L, 13L), Map.of(1L, new Own(1_000, 0), 2L, new Own(10, 0)));
        assertThat(scans.indexUsagePercent()).hasValue(75);
        var onlyOurs =
                Scans.of(relations, Map.of(1L, 1_000L, 2L, 10L), Map.of(1L, new Own(1_000, 0), 2L, new Own(10, 0)));
        assertThat(onlyOurs.indexUsagePercent()).isEmpty();
        assertThat(onlyOurs.sums().large().atLeast()).isZero();
    }

    @Test
    void whatIsToldBeforeTheServerHasCountedItIsMadeUpForLater() {
        var relations = List.of(new Relation(1, false, true, 99), new Relation(2, true, true, 99));
        var told = Scans.of(relations, Map.of(2L, 10L), Map.of(1L, new Own(5, 0)));
        var counted = Scans.of(relations, Map.of(1L, 15L), NOTHING_OF_OURS);
        assertThat(told.indexUsagePercent()).hasValue(100);
        assertThat(told.plus(counted).indexUsagePercent()).hasValue(50);
    }

    @Test
    void whatMayBeOursMakesNoDifferenceOrNoFigure() {
        var relations = List.of(new Relation(1, false, true, 99), new Relation(2, true, true, 99));
        var risen = Map.of(1L, 300L, 2L, 1_000L);
        assertThat(Scans.of(relations, risen, Map.of(1L, new Own(0, 200))).indexUsagePercent())
                .isEmpty();
        assertThat(Scans.of(relations, risen, Map.of(1L, new Own(0, 20)))
                        .indexUsagePercent()
                        .orElseThrow())
                .isCloseTo(77.5, within(0.5));
        // Refreshes tell what may have been later than the server counts it.
        assertThat(Scans.of(relations, risen, Map.of(1L, Own.NONE))
                        .plus(Scans.of(relations, Map.of(), Map.of(1L, new Own(0, 200))))
                        .indexUsagePercent())
                .isEmpty();
        // What nobody scanned is not unsure, and what nothing is known of may be anything that was read as a whole.
        assertThat(Scans.of(relations, Map.of(2L, 1_000L), Map.of(1L, new Own(0, 200)))
                        .indexUsagePercent())
                .hasValue(100);
        assertThat(Scans.of(relations, risen, Map.of(Own.OF_UNKNOWN, new Own(0, 200)))
                        .indexUsagePercent())
                .isEmpty();
        assertThat(Scans.of(relations, Map.of(1L, 90L), Map.of(1L, new Own(30, 60)))
                        .indexUsagePercent())
                .isEmpty();
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
            var kinds = new Kinds(new Span(random.nextInt(1_000_000), 0), new Span(random.nextInt(1, 1_000_000), 0));
            var scans = new Scans(new Sums(kinds, Kinds.NONE), Map.of());
            assertThat(scans.indexRatio().orElseThrow() + scans.tableRatio().orElseThrow())
                    .isEqualTo(1.0);
        }
    }
}
