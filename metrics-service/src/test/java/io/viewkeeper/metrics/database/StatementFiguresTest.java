// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.metrics.database.StatementFigures.StatementDelta;
import io.viewkeeper.schema.statement.Counters;
import io.viewkeeper.schema.statement.EntryKey;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatementFiguresTest {
    private static final Duration SLOW_ABOVE = Duration.ofMillis(200);

    @Test
    void areUnknownBeforeAnythingWasCounted() {
        assertThat(StatementFigures.of(List.of(), SLOW_ABOVE)).isEqualTo(StatementFigures.UNKNOWN);
    }

    @Test
    void withoutCallsNothingIsSlowAndNoTimeIsKnown() {
        var figures = StatementFigures.of(List.of(List.of()), SLOW_ABOVE);
        assertThat(figures.slow()).hasValue(0);
        assertThat(figures.averageMillis()).isEmpty();
        assertThat(figures.p95Millis()).isEmpty();
    }

    @Test
    void aStatementIsSlowByItsMeanOverAllUsersAndTheWholeWindow() {
        var ofOneUser = delta(1, 7, 1, 500);
        var ofAnother = delta(2, 7, 9, 500);
        var slow = delta(1, 8, 2, 401);
        var justNot = delta(1, 9, 2, 400);
        var figures = StatementFigures.of(List.of(List.of(ofOneUser, slow), List.of(ofAnother, justNot)), SLOW_ABOVE);
        assertThat(figures.slow()).hasValue(1);
        assertThat(figures.averageMillis()).hasValue(1_801.0 / 14);
        assertThat(StatementFigures.of(List.of(List.of(ofOneUser)), SLOW_ABOVE).slow())
                .hasValue(1);
    }

    @Test
    void samplesOfOnePartAreAddedUpByEntry() {
        assertThat(StatementDelta.together(
                        List.of(delta(1, 7, 1, 5), delta(1, 8, 1, 5)), List.of(delta(1, 7, 2, 6), delta(2, 7, 3, 7))))
                .extracting(delta -> delta.key().userId() + "/" + delta.key().queryId() + ": "
                        + delta.totals().calls() + " calls")
                .containsExactlyInAnyOrder("1/7: 3 calls", "1/8: 1 calls", "2/7: 3 calls");
    }

    private static StatementDelta delta(long user, long query, long calls, double millis) {
        return new StatementDelta(new EntryKey(query, user, true), Counters.of(calls, millis, 0, null));
    }
}
