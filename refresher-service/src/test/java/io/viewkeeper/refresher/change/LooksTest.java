// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.change;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which look a transaction's number is after, and when it tells nothing. */
class LooksTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final long VIEW = 7;
    private static final Mark BEFORE = new Mark("c", VIEW, 90);

    private final Looks looks = new Looks();

    @Test
    void theNewestLookBeforeTheTransactionTells() {
        look("a", 0, 100);
        look("a", 10, 200);
        look("a", 20, 200);
        assertThat(ageOf(99, 150)).as("before all looks").isEmpty();
        assertThat(ageOf(100, 150)).contains(NOON);
        assertThat(ageOf(199, 250)).contains(NOON);
        assertThat(ageOf(200, 250)).contains(NOON.plusSeconds(20));
    }

    @Test
    void aLookAtWhichSomebodyWaitedForTheViewDoesNotTell() {
        look("a", 0, 100);
        looks.add(new Look("a", NOON.plusSeconds(10), 100, Map.of(), Set.of(VIEW)));
        assertThat(ageOf(101, 101)).contains(NOON);
        assertThat(looks.ageOf(101, new Mark("c", 8, 90), new Mark("c", 8, 101), List.of()))
                .as("another view")
                .contains(NOON.plusSeconds(10));
    }

    @Test
    void anotherServerCountsItsOwnTransactions() {
        look("a", 0, 100);
        look("b", 10, 5_000);
        assertThat(ageOf(4_000, 4_500))
                .as("by the count of the first it is new")
                .isEmpty();
        assertThat(looks.ageOf(5_001, BEFORE, new Mark("other", VIEW, 5_001), List.of()))
                .as("another cluster's view")
                .isEmpty();
        assertThat(ageOf(5_001, 5_001)).contains(NOON.plusSeconds(10));
    }

    /** VACUUM FREEZE leaves rows their numbers, of which there are 2^32. */
    @Test
    void onceNumbersHaveBegunAnewOnlyThatOfAChangedCatalogRowIsKnownToBeNew() {
        long second = 1L << 32;
        look("a", 0, second + 100);
        assertThat(ageOf(101, 102)).as("perhaps 2^32 transactions ago").isEmpty();
        assertThat(ageOf(102, 102)).contains(NOON);
        assertThat(looks.ageOf(102, BEFORE, new Mark("c", 8, 102), List.of()))
                .as("another view, of any age")
                .isEmpty();
    }

    @Test
    void numbersThatWrapAroundBetweenTwoLooksAreInOrder() {
        look("a", 0, (1L << 32) - 10);
        look("a", 10, (1L << 32) + 10);
        assertThat(ageOf(-5, -5)).contains(NOON);
        assertThat(ageOf(12, 12)).contains(NOON.plusSeconds(10));
    }

    private void look(String server, int second, long nextXid) {
        looks.add(new Look(server, NOON.plusSeconds(second), nextXid, Map.of(), Set.of()));
    }

    private Optional<Instant> ageOf(int writer, int ofCatalogRow) {
        return looks.ageOf(writer, BEFORE, new Mark("c", VIEW, ofCatalogRow), List.of());
    }
}
