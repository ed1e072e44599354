// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.metrics.database.ViewBlocks.Reading;
import io.viewkeeper.schema.event.ViewName;
import io.viewkeeper.schema.statement.Blocks;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ViewBlocksTest {
    private static final ViewName VIEW = new ViewName("analytics", "v");
    private static final ViewName OTHER = new ViewName("analytics", "other");
    private static final Instant STARTED = Instant.parse("2026-11-22T12:00:00Z");

    private final ViewBlocks views = new ViewBlocks(Duration.ofMinutes(5));
    private Instant now = STARTED;

    @Test
    void theRatioIsOfWhatWasAskedForWithinTheWindow() {
        read(VIEW, 1, Map.of(1L, new Blocks(1_000, 1_000)));
        assertThat(ratio(VIEW)).isNull();
        read(VIEW, 1, Map.of(1L, new Blocks(1_003, 1_001)));
        assertThat(ratio(VIEW)).isEqualTo(0.75);
        now = now.plus(Duration.ofMinutes(5));
        assertThat(ratio(VIEW)).isNull();
    }

    @Test
    void aNewToastTableOrIndexCountsFromItsBeginningAndADroppedOneNotAtAll() {
        read(VIEW, 1, Map.of(1L, new Blocks(10, 0), 2L, new Blocks(500, 500)));
        read(VIEW, 1, Map.of(1L, new Blocks(10, 0), 3L, new Blocks(1, 3)));
        assertThat(ratio(VIEW)).isEqualTo(0.25);
    }

    @Test
    void aViewThatWasMadeAgainIsAnotherOne() {
        read(VIEW, 1, Map.of(1L, new Blocks(0, 0)));
        read(VIEW, 1, Map.of(1L, new Blocks(0, 9)));
        read(VIEW, 5, Map.of(5L, new Blocks(100, 100)));
        assertThat(ratio(VIEW)).isNull();
        read(VIEW, 5, Map.of(5L, new Blocks(101, 100)));
        assertThat(ratio(VIEW)).isEqualTo(1);
    }

    @Test
    void whatIsNotFoundIsForgottenAndWhatWasNotAskedForIsKept() {
        for (long hit : List.of(1L, 2L)) {
            read(VIEW, 1, Map.of(1L, new Blocks(hit, 0)));
            read(OTHER, 2, Map.of(2L, new Blocks(hit, 0)));
        }
        views.take(List.of(VIEW), List.of(), now);
        assertThat(ratio(VIEW)).isNull();
        assertThat(ratio(OTHER)).isEqualTo(1);
        views.retain(List.of(VIEW));
        assertThat(ratio(OTHER)).isNull();
    }

    private void read(ViewName view, long oid, Map<Long, Blocks> byRelation) {
        now = now.plusSeconds(1);
        views.take(List.of(view), List.of(new Reading(view, oid, new ServerMoment(now, STARTED), byRelation)), now);
    }

    private @Nullable Double ratio(ViewName view) {
        var ratio = views.hitRatio(view, now);
        return ratio.isPresent() ? ratio.getAsDouble() : null;
    }
}
