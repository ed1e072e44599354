// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.shapes;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What two rounds of refreshes are to leave behind.
 *
 * @param runs the history, oldest first: {@code completed <method>} or {@code failed <category> <SQLSTATE>}
 * @param refusal what the reason of a refusal has to begin with and, after {@code …}, to contain; null: not refused
 * @param changes whether the second round finds changed rows though nobody changed any; null: not looked at
 */
record Expected(
        List<String> runs,
        @Nullable String refusal,
        @Nullable Boolean changes) {

    static Expected concurrently() {
        return twice("completed concurrent", false);
    }

    /** Every row is taken for changed, each time. */
    static Expected concurrentlyWithChanges() {
        return twice("completed concurrent", true);
    }

    static Expected plainly() {
        return twice("completed plain", null);
    }

    static Expected filledThenConcurrently() {
        return new Expected(List.of("completed plain", "completed concurrent"), null, false);
    }

    static Expected filledThenRefused(String category, String word) {
        return new Expected(List.of("completed plain", "failed " + category), category + "…" + word, null);
    }

    /** Said once, by a run that failed before it began; it is not tried again. */
    static Expected refused(String category, String word) {
        return new Expected(List.of("failed " + category), category + "…" + word, null);
    }

    static Expected failing(String category, String sqlState) {
        return twice("failed " + category + " " + sqlState, null);
    }

    boolean failing() {
        return refusal == null && runs.getFirst().startsWith("failed");
    }

    private static Expected twice(String run, @Nullable Boolean changes) {
        return new Expected(List.of(run, run), null, changes);
    }
}
